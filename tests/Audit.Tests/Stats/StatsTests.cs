using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class StatsTests(AllKinds streams) : IClassFixture<AllKinds>
{
    [Fact]
    public async Task A_store_is_counted_by_status_cause_source_and_day()
    {
        var run = await streams.RunAsync("stats", "--json");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        var stats = run.Json.Should().ContainSingle().Subject;
        stats.GetProperty("streams").GetInt64().Should().Be(8);
        stats.GetProperty("byStatus").ToString().Should().Be(
            """{"done":2,"cancelled":1,"error":1,"timeout":1,"streaming":1,"pending":1,"deleted":1}""");
        stats.GetProperty("byCause").ToString().Should().Be("""{"cancelled":1,"source-failed":1,"timeout":1}""");
        stats.GetProperty("bySource").ToString().Should().Be("""{"demo":7}""");
        stats.GetProperty("byDay").ToString().Should().Be("""{"2026-11-21":7}""");
        stats.GetProperty("chunks").GetInt64().Should().Be(7);
        stats.GetProperty("textBytes").GetInt64().Should().Be(30 + 4 + 4 + 7 + 9);
        stats.GetProperty("firstAt").GetDateTime().Should().Be(Noon.UtcDateTime);
        stats.GetProperty("lastAt").GetDateTime().Should().Be(Noon.AddSeconds(5).UtcDateTime);
    }

    [Fact]
    public async Task Times_to_the_first_text_are_counted_from_the_claim_to_its_first_piece()
    {
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
            for (var i = 1; i <= 100; i++)
                await log.WriteAsync(
                    $"s{i}",
                    Created($"s{i}"),
                    Started(Noon.AddSeconds(10)),
                    Chunk(0, 0, "abc", Noon.AddSeconds(300)) with { Since = Noon.AddSeconds(10 + i) },
                    Completed(3, 1, Noon.AddSeconds(10 + (2 * i))));

        var stats = (await AuditRun.OfAsync("stats", "--json", "--store", folder.Path)).Json.Single();

        var first = stats.GetProperty("firstTokenSeconds");
        first.GetProperty("p50").GetDouble().Should().BeApproximately(50, 0.5);
        first.GetProperty("p99").GetDouble().Should().BeApproximately(99, 1);
        (first.GetProperty("min").GetDouble(), first.GetProperty("max").GetDouble(), first.GetProperty("mean").GetDouble()).Should().Be((1, 100, 50.5));
        stats.GetProperty("durationSeconds").GetProperty("max").GetDouble().Should().Be(200);
        stats.GetProperty("waitingSeconds").GetProperty("p90").GetDouble().Should().BeApproximately(10, 0.1);
        stats.GetProperty("lengthBytes").GetProperty("mean").GetDouble().Should().Be(3);
    }

    [Fact]
    public async Task Plots_fit_a_page_and_have_no_escape_sequence()
    {
        var run = await streams.RunAsync("stats");

        run.Out.Should().StartWith("8 streams, ").And.ContainAll("Streams by status", "cancelled", "p99", "Time to first text", "█").And.NotContain("\u001b");
        run.Out.Split('\n').Should().OnlyContain(line => line.Length <= 100);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_is_counted_and_named_a_finding()
    {
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("sound", Created("sound"), Started(), Completed());
            await log.WriteAsync("broken", Created("broken"), Started(), Completed());
        }

        folder.Tamper("UPDATE log SET data = CAST('{' AS BLOB) WHERE type = 'StreamStarted' AND stream = (SELECT id FROM streams WHERE name = 'text-broken')");
        var run = await AuditRun.OfAsync("stats", "--json", "--store", folder.Path);

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.Single().GetProperty("byStatus").ToString().Should().Be("""{"done":1,"damaged":1}""");
        run.Error.Should().StartWith("1 streams are damaged");
    }

    [Fact]
    public async Task An_empty_store_has_no_numbers()
    {
        using var folder = new TempFolder();
        await using (await folder.OpenLogAsync()) { }

        var run = await AuditRun.OfAsync("stats", "--store", folder.Path);

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().Be("0 streams, 0 events of 0 bytes, 0 chunks of text, 0 bytes\n");
    }
}
