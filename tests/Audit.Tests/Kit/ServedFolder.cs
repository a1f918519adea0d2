using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A web server over a folder, on a loopback port: what is asked and answered goes over HTTP.</summary>
internal sealed class ServedFolder : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<HttpResponseMessage> drivers = [];

    private ServedFolder(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public ScriptedSource Source { get; private init; } = null!;

    public HttpClient Client { get; }

    public string Address => Client.BaseAddress!.ToString();

    /// <param name="grpcPort">Where the log is served over EventStoreDB's protocol; null for nowhere.</param>
    /// <param name="before">Stands before the endpoints: a sign-in, or a proxy that lies.</param>
    public static async Task<ServedFolder> StartAsync(string folder, Func<HttpContext, RequestDelegate, Task>? before = null, int? grpcPort = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Embedded:Path"] = folder;
        if (grpcPort is { } port) builder.Configuration["Embedded:GrpcPort"] = port.ToString(CultureInfo.InvariantCulture);
        var source = new ScriptedSource();
        builder.Services.AddReadyMadeStreams(builder.Configuration).AddSource(source, clients: true);
        var app = builder.Build();
        if (before is not null) app.Use(before);
        app.MapTextStreamJobs(app.MapTextStreams());
        await app.StartAsync();
        return new ServedFolder(app) { Source = source };
    }

    /// <summary>Creates a stream and speaks a text, each piece durable before the next one.</summary>
    public async Task SpeakAsync(string id, params string[] pieces)
    {
        await CreateAsync(id);
        drivers.Add(await Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{id}/drive"), HttpCompletionOption.ResponseHeadersRead));
        await SayAsync(id, pieces);
    }

    public async Task CreateAsync(string id) =>
        (await Client.PostAsJsonAsync("v1/streams", new { id, source = "script", labels = new { user = "42" } })).EnsureSuccessStatusCode();

    public async Task SayAsync(string id, params string[] pieces)
    {
        var script = Source.For(new StreamId(id));
        foreach (var piece in pieces)
        {
            var before = (await GetAsync(id)).GetProperty("length").GetInt64();
            await script.SayAsync(piece);
            await Eventually.UntilAsync("the piece is durable", async () => (await GetAsync(id)).GetProperty("length").GetInt64() > before);
        }
    }

    public async Task EndAsync(string id, Exception? failure = null)
    {
        var script = Source.For(new StreamId(id));
        if (failure is null) script.End(new SourceResult("stop"));
        else script.Throw(failure);
        await Eventually.UntilAsync("it has ended", async () => (await GetAsync(id)).GetProperty("endedAt").ValueKind == JsonValueKind.String);
    }

    public async Task CancelAsync(string id) =>
        (await Client.PostAsJsonAsync($"v1/streams/{id}/cancel", new { reason = "enough" })).EnsureSuccessStatusCode();

    public async Task DeleteAsync(string id) => (await Client.DeleteAsync($"v1/streams/{id}")).EnsureSuccessStatusCode();

    public Task<JsonElement> GetAsync(string id, string query = "") => Client.GetFromJsonAsync<JsonElement>($"v1/streams/{id}{query}");

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        foreach (var driver in drivers) driver.Dispose();
        Client.Dispose();
        await app.DisposeAsync();
    }
}
