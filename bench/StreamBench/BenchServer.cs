using System.Runtime;
using EventSourcedStreams.Web;

namespace EventSourcedStreams.StreamBench;

/// <summary>
/// One process that serves both: an app as the docs build one, with text streams on the embedded log or on a store and
/// nothing tuned, and the plain endpoints that keep nothing.
/// </summary>
internal static class BenchServer
{
    /// <param name="store">A connection string; null for the embedded log.</param>
    public static async Task RunAsync(string url, string folder, string? store)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);     // as the template of a new app has it
        builder.WebHost.UseUrls(url);
        var streams = builder.Services.AddTextStreams(options =>
            {
                options.Embedded.Path = folder;

                // A store keeps what earlier runs wrote.
                if (store is not null) options.Streams.Prefix = $"b{Guid.NewGuid():N}-";
            })
            .AddSource(
                "bench",
                async (request, append, ct) =>
                {
                    var input = request.Input!.Value;
                    await SpeakAsync(
                        input.GetProperty("tokens").GetInt32(), input.GetProperty("paceMs").GetInt32(), append.Invoke, ct);
                },
                clients: true)
            .AddPartSource(
                "bench-parts",
                async (request, output, ct) =>
                {
                    var thought = output.StartPart(new PartStart(PartKinds.Reasoning));
                    var isThought = false;
                    await SpeakAsync(
                        request.Input!.Value.GetProperty("tokens").GetInt32(),
                        request.Input!.Value.GetProperty("paceMs").GetInt32(),
                        token => (isThought = !isThought) ? thought.AppendAsync(token).AsTask() : output.AppendAsync(token),
                        ct);
                    await thought.EndAsync();
                },
                clients: true)
            .AddChatClient("bench-client", _ => new BenchChatClient(), clients: true);
        if (store is not null)
        {
            streams.UseEventStoreDb(options =>
            {
                options.ConnectionString = store;
                options.CachePath = folder;
            });
        }

        var hasKeys = builder.Configuration.GetSection("Auth").Exists();
        if (hasKeys) builder.AddHostAccess();
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null) builder.AddHostTelemetry();
        await using var app = builder.Build();
        if (hasKeys) app.UseHostAccess();
        app.MapTextStreams();
        app.MapGet("/ready", () => "ready");
        app.MapGet("/used", () => new Used(Environment.CpuUsage.TotalTime.TotalSeconds, JitInfo.GetCompiledMethodCount()));
        app.MapGet("/collect", () =>
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return GC.GetTotalMemory(forceFullCollection: true).ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
        app.MapPost("/plain", async (HttpContext http, int tokens, int paceMs) =>
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await SpeakAsync(
                tokens,
                paceMs,
                async token =>
                {
                    await http.Response.WriteAsync(token, http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                },
                http.RequestAborted);
        });
        app.MapPost("/plain-client", async (HttpContext http, int tokens, int paceMs) =>
        {
            using var client = new BenchChatClient();
            http.Response.ContentType = "text/plain; charset=utf-8";
            await foreach (var update in client.GetStreamingResponseAsync(BenchChatClient.Ask(tokens, paceMs), cancellationToken: http.RequestAborted))
            {
                await http.Response.WriteAsync(update.Text, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        });
        var plainStream = new PlainStream();
        app.MapGet("/plain-events", plainStream.ObserveAsync);
        app.MapPost("/plain-speak", (int tokens, int paceMs, CancellationToken ct) => plainStream.SpeakAsync(say => SpeakAsync(tokens, paceMs, say, ct)));
        var buffers = new Dictionary<int, byte[]>();
        app.MapGet("/plain-bytes", (int bytes) =>
        {
            lock (buffers)
            {
                if (!buffers.TryGetValue(bytes, out var buffer)) buffers[bytes] = buffer = [.. Enumerable.Repeat((byte)'x', bytes)];
                return Results.Bytes(buffer, "text/plain");
            }
        });
        await app.RunAsync();
    }

    /// <summary>The same source for both: so many tokens, one every few milliseconds against the start, or as fast as
    /// they are taken.</summary>
    private static async Task SpeakAsync(int tokens, int paceMs, Func<string, Task> say, CancellationToken ct)
    {
        using var ticks = paceMs > 0 ? new PeriodicTimer(TimeSpan.FromMilliseconds(paceMs)) : null;
        for (var i = 0; i < tokens; i++)
        {
            if (ticks is not null) await ticks.WaitForNextTickAsync(ct);
            await say(Tokens.Next(i));
        }
    }
}
