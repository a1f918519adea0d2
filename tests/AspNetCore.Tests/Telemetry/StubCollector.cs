using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry's on 127.0.0.1: takes all that it is sent over HTTP, and keeps it.</summary>
internal sealed class StubCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    private StubCollector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Enqueue((http.Request.Path, body.ToArray()));
        });
    }

    public string Url => app.Urls.Single();

    /// <summary>The variables that send a host's signals here, soon.</summary>
    public Dictionary<string, string?> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
    };

    public static async Task<StubCollector> StartAsync()
    {
        var collector = new StubCollector();
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>What came of one signal, as it came: names and values stand in it as they are.</summary>
    public string Of(string signal) => string.Concat(received.Where(each => each.Path == $"/v1/{signal}").Select(each => Encoding.UTF8.GetString(each.Body)));

    public override string ToString() => string.Concat(received.Select(each => Encoding.UTF8.GetString(each.Body)));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
