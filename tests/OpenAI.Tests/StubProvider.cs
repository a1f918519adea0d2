using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>A provider on 127.0.0.1 that answers each request with the next of its answers, the last one for
/// ever.</summary>
internal sealed class StubProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<RequestDelegate> answers;
    private readonly ConcurrentQueue<Received> received = new();

    private StubProvider(IEnumerable<RequestDelegate> answers)
    {
        this.answers = new ConcurrentQueue<RequestDelegate>(answers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public IReadOnlyList<Received> Requests => [.. received];

    public string BaseUrl => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public static async Task<StubProvider> StartAsync(params RequestDelegate[] answers)
    {
        var provider = new StubProvider(answers);
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>Server-sent events, each given as its data.</summary>
    public static RequestDelegate Streams(params string[] data) => context =>
        SendAsync(context, Encoding.UTF8.GetBytes(Events(data)));

    public static RequestDelegate Refuses(int status, string body, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync(body);
    };

    public static RequestDelegate Refuses(int status, string body, string header, string value) => context =>
    {
        context.Response.Headers[header] = value;
        return Refuses(status, body)(context);
    };

    /// <summary>Streams these events, and stays silent on an open connection until the other side leaves.</summary>
    public static RequestDelegate StaysOpen(params string[] data) => async context =>
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        await SendAsync(context, Encoding.UTF8.GetBytes(Events(data)));
        await gone.Task;
    };

    /// <summary>Begins to stream, and cuts the connection once that has been taken: a reset would overtake what is
    /// still on its way.</summary>
    public static RequestDelegate Breaks(Func<bool> once, string events) => async context =>
    {
        await SendAsync(context, Encoding.UTF8.GetBytes(events));
        await Eventually.UntilAsync("the events have been taken", once);
        context.Abort();
    };

    public static string Events(params string[] data) => string.Concat(data.Select(d => $"data: {d}\n\n"));

    public static string Delta(string text) => $$"""{"choices":[{"index":0,"delta":{"content":{{JsonSerializer.Serialize(text)}}},"finish_reason":null}]}""";

    public static string Finish(string reason) => $$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}],"usage":null}""";

    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        received.Enqueue(new Received(
            context.Request.Path, context.Request.QueryString.Value!, context.Request.Headers.Authorization.ToString(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        var found = answers.Count == 1 ? answers.TryPeek(out var answer) : answers.TryDequeue(out answer);
        if (found) await answer!(context);
    }

    internal sealed record Received(string Path, string Query, string Authorization, IReadOnlyDictionary<string, string> Headers, string Body);
}
