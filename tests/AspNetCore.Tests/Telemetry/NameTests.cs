using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>Every metric that a dashboard, an alert or a page names is there under this name, and every metric is on
/// the page.</summary>
public sealed partial class NameTests : IDisposable
{
    private readonly RecordedMetrics metrics = new();

    public void Dispose() => metrics.Dispose();

    [Fact]
    public void Every_metric_stands_in_the_docs_and_nothing_else_does()
    {
        var named = OfOurs().Matches(Read("docs/observability.md").Split("## Metrics")[1].Split("**Labels are bounded.**")[0]).Select(m => m.Groups[1].Value).ToHashSet();

        named.Should().BeEquivalentTo(metrics.Instruments.Select(instrument => instrument.Name));
    }

    [Theory]
    [InlineData("docker/prometheus/alerts.yml")]
    [InlineData("docker/prometheus/alerts.test.yml")]
    [InlineData("docker/grafana/dashboards/text-streams.json")]
    [InlineData("docs/runbook.md")]
    public void What_is_asked_for_is_there(string file)
    {
        var there = metrics.Instruments.SelectMany(SeriesOf).ToHashSet();
        var asked = InPrometheus().Matches(Read(file)).Select(m => m.Value).ToHashSet();

        asked.Should().NotBeEmpty().And.BeSubsetOf(there);
    }

    [Fact]
    public void The_dashboard_shows_every_metric()
    {
        var shown = InPrometheus().Matches(Read("docker/grafana/dashboards/text-streams.json")).Select(m => m.Value).ToHashSet();

        metrics.Instruments.Where(instrument => !SeriesOf(instrument).Any(shown.Contains)).Select(instrument => instrument.Name).Should().BeEmpty();
    }

    [Fact]
    public void Every_alert_has_its_part_in_the_runbook()
    {
        var alerts = Alert().Matches(Read("docker/prometheus/alerts.yml")).Select(m => m.Groups[1].Value).ToList();
        var runbook = Read("docs/runbook.md");

        alerts.Should().HaveCountGreaterThan(8);
        alerts.Where(alert => !runbook.Contains($"\n## {alert}\n")).Should().BeEmpty();
        Read("docker/prometheus/alerts.yml").Should().ContainAll(alerts.Select(alert => $"docs/runbook.md#{alert.ToLowerInvariant()}"));
    }

    /// <summary>The names above are made as the exporter makes them: what it writes is among them.</summary>
    [Fact]
    public async Task What_prometheus_reads_has_these_names()
    {
        await using var host = await SeenHost.StartAsync();
        var id = await host.Client.CreateAsync(new { source = "demo", input = new { rate = 1000 } });
        using (var driver = await host.Client.DriveAsync(id)) await driver.Content.ReadAsStringAsync();
        var written = InPrometheus().Matches(await host.MetricsAsync()).Select(m => m.Value).ToHashSet();

        written.Should().HaveCountGreaterThan(25).And.BeSubsetOf(metrics.Instruments.SelectMany(SeriesOf));
    }

    private static IEnumerable<string> SeriesOf(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            { } rate when rate.EndsWith("/s") => "_per_second",
            _ => "",
        };
        var name = instrument.Name.Replace('.', '_') + unit;
        if (instrument is Counter<long>) return [name + "_total", name];
        return instrument is Histogram<double> ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name];
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), file));

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "EventSourcedStreams.sln")) ? folder : Root(Path.GetDirectoryName(folder.TrimEnd('/'))!);

    [GeneratedRegex(@"`((?:textstreams|gen_ai\.client)\.[a-z_.]+)`")]
    private static partial Regex OfOurs();

    [GeneratedRegex(@"\b(?:textstreams|gen_ai_client)_[a-z_]+")]
    private static partial Regex InPrometheus();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();
}
