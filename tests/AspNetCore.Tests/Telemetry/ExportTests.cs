using System.Net;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>Where the ready-made host's telemetry goes: to Prometheus, and by the standard variables to a
/// collector.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Prometheus_reads_a_streams_numbers_at_metrics()
    {
        await using var host = await SeenHost.StartAsync();
        await DriveDemoAsync(host);

        var metrics = "";
        await Eventually.UntilAsync("the log has answered within the last seconds", async () =>
            (metrics = await host.MetricsAsync()).Contains("textstreams_log_available{otel_scope_name=\"EventSourcedStreams\"} 1"));
        metrics.Should().Contain("""cause="completed",source="demo",status="done"} 1""")
            .And.Contain("http_server_request_duration_seconds_bucket").And.Contain("kestrel_active_connections");
    }

    [Fact]
    public async Task Metrics_have_an_address_of_their_own_where_one_is_given()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        await using var host = await SeenHost.StartAsync(new Dictionary<string, string?> { ["Telemetry:MetricsUrl"] = url });

        (await host.Client.GetStringAsync(url + "/metrics")).Should().Contain("textstreams_live");
        (await host.MetricsAsync()).Should().Contain("textstreams_live");
        foreach (var path in new[] { "/", "/v1/streams", "/health/live" })
            (await host.Client.GetAsync(url + path)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task Without_metrics_there_is_no_such_page()
    {
        await using var host = await SeenHost.StartAsync(new Dictionary<string, string?> { ["Telemetry:Metrics"] = "false" });

        (await host.Client.GetAsync("/metrics")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Telemetry:MetricUrl", "http://127.0.0.1:9464", "Telemetry:MetricUrl: there is no such key*MetricsUrl*")]
    [InlineData("Telemetry:MetricsUrl", "9464", "Telemetry:MetricsUrl: '9464' is not an address*")]
    [InlineData("Telemetry:MetricsUrl", "https://127.0.0.1:9464", "Telemetry:MetricsUrl: *")]
    public async Task What_cannot_be_is_said_at_start(string key, string value, string words)
    {
        var start = () => SeenHost.StartAsync(new Dictionary<string, string?> { [key] = value });

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage(words);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_said_at_start()
    {
        await using var first = await SeenHost.StartAsync();
        var start = () => SeenHost.StartAsync(new Dictionary<string, string?> { ["Telemetry:MetricsUrl"] = first.Address.ToString().TrimEnd('/') });

        (await start.Should().ThrowAsync<IOException>()).WithMessage("Telemetry:MetricsUrl: *choose another port*");
    }

    [Fact]
    public async Task A_collector_gets_traces_metrics_and_logs_by_the_standard_variables()
    {
        await using var collector = await StubCollector.StartAsync();
        await using (var host = await SeenHost.StartAsync(new Dictionary<string, string?>(collector.Variables) { ["OTEL_SERVICE_NAME"] = "our-streams" }))
        {
            var id = await DriveDemoAsync(host);
            await Eventually.UntilAsync("all three have come", () => new[] { "traces", "metrics", "logs" }.All(signal => collector.Of(signal).Contains("our-streams")));
            await Eventually.UntilAsync("the stream's spans have come", () => collector.Of("traces") is var traces && traces.Contains(id) && traces.Contains("append"));
            await Eventually.UntilAsync("the stream's end has come", () => collector.Of("logs").Contains($"Stream {id} ended as Done"));
            foreach (var name in (string[])["textstreams.usage.text", "http.server.request.duration"])
                await Eventually.UntilAsync($"{name} has come", () => collector.Of("metrics").Contains(name));
        }

        collector.Of("metrics").Should().Contain("textstreams.usage.text").And.Contain("http.server.request.duration");
    }

    [Fact]
    public async Task A_signal_that_is_said_to_go_nowhere_goes_nowhere()
    {
        await using var collector = await StubCollector.StartAsync();
        await using (var host = await SeenHost.StartAsync(new Dictionary<string, string?>(collector.Variables) { ["OTEL_LOGS_EXPORTER"] = "none", ["OTEL_METRICS_EXPORTER"] = "none" }))
        {
            await DriveDemoAsync(host);
            await Eventually.UntilAsync("the spans have come", () => collector.Of("traces").Contains("append"));
        }

        collector.Of("logs").Should().BeEmpty();
        collector.Of("metrics").Should().BeEmpty();
    }

    private static async Task<string> DriveDemoAsync(SeenHost host)
    {
        var id = await host.Client.CreateAsync(new { source = "demo", input = new { rate = 1000 } });
        using var driver = await host.Client.DriveAsync(id);
        (await driver.Content.ReadAsStringAsync()).Should().NotBeEmpty();
        return id;
    }
}
