using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ReplayTests(AllKinds streams) : IClassFixture<AllKinds>, IDisposable
{
    private readonly ManualTime time = new();
    private readonly StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Theory]
    [InlineData("1x", 1000, 2000, 1000)]
    [InlineData("10x", 100, 200, 100)]
    [InlineData("0.5x", 2000, 4000, 2000)]
    public async Task Each_batch_comes_when_it_was_saved_counted_from_the_start(string speed, int first, int second, int end)
    {
        var run = RunAsync(default, "replay", "done", "--speed", speed);

        await StandsAsync("");
        await AfterAsync(run, first, before: "", after: "One. ");
        await AfterAsync(run, second, before: "One. ", after: "One. Two 👩‍👩‍👧.\r\n");
        time.Advance(TimeSpan.FromMilliseconds(end));

        (await run.WaitAsync(Eventually.Limit)).Should().Be(ExitCode.Ok);
        error.ToString().Should().Be("2026-11-21T12:00:05.000Z StreamCompleted: 30 bytes in 2 chunks, finish reason stop\n");
    }

    [Fact]
    public async Task Stopped_it_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync(stop.Token, "replay", "done");
        await StandsAsync("");

        await stop.CancelAsync();

        (await run.WaitAsync(Eventually.Limit)).Should().Be(ExitCode.Interrupted);
        error.ToString().Should().Be("streams-audit: Stopped.\n");
    }

    [Theory]
    [InlineData("One. ", "--to", "2")]
    [InlineData("Two 👩‍👩‍👧.\r\n", "--from", "3")]
    [InlineData("Two 👩‍👩‍👧.\r\n", "--from", "2026-11-21T12:00:02.001Z")]
    [InlineData("One. Two 👩‍👩‍👧.\r\n", "--from", "2026-11-21T12:00:02Z", "--to", "2026-11-21T12:00:04Z")]
    [InlineData("", "--to", "1")]
    public async Task A_part_of_it_is_replayed_both_ends_included(string expected, params string[] span)
    {
        var run = await streams.RunAsync(["replay", "done", "--speed", "max", .. span]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().Be(expected);
    }

    [Fact]
    public async Task The_ending_is_told_behind_which_a_note_stands()
    {
        using var known = EventKinds.With(new EventType("RemarkedBehindAReplay", EventKind.Note));
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync("s", Created(), Started(), Chunk(0, 0, "One."), Completed(4, 1), new StreamNote("RemarkedBehindAReplay") { At = Noon });

        var run = await AuditRun.OfAsync("replay", "s", "--speed", "max", "--store", folder.Path);

        (run.ExitCode, run.Out).Should().Be((ExitCode.Ok, "One."), run.Error);
        run.Error.Should().Contain("StreamCompleted: 4 bytes in 1 chunk").And.NotContain("RemarkedBehindAReplay");
    }

    [Fact]
    public async Task From_a_time_on_the_wait_begins_there()
    {
        var run = RunAsync(default, "replay", "done", "--from", "2026-11-21T12:00:03Z", "--to", "3");

        await StandsAsync("");
        await AfterAsync(run, 1000, before: "", after: "Two 👩‍👩‍👧.\r\n");

        (await run.WaitAsync(Eventually.Limit)).Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task Nothing_between_the_ends_is_said()
    {
        var run = await streams.RunAsync("replay", "done", "--from", "4", "--to", "1");

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().StartWith("streams-audit: Nothing lies between --from and --to: the stream goes from revision 0, 2026-11-21T12:00:00.000Z, to revision 4,");
    }

    [Fact]
    public async Task Json_has_an_event_a_line_with_both_times_of_a_batch()
    {
        var run = await streams.RunAsync("replay", "done", "--speed", "max", "--json");

        run.Json.Select(e => e.GetProperty("type").GetString()).Should().Equal(
            "StreamCreated", "StreamStarted", "ChunkPersisted", "ChunkPersisted", "StreamCompleted");
        run.Json[2].GetProperty("since").GetDateTime().Should().Be(new DateTime(2026, 11, 21, 12, 0, 1, 500, DateTimeKind.Utc));
        run.Json[2].GetProperty("at").GetDateTime().Should().Be(new DateTime(2026, 11, 21, 12, 0, 2, DateTimeKind.Utc));
    }

    private Task<int> RunAsync(CancellationToken ct, params string[] args) => Task.Run(() => AuditProgram.RunAsync(
        [.. args, "--store", streams.Folder.Path], new AuditConsole(output, error), time, ct));

    private async Task StandsAsync(string shown)
    {
        await Eventually.UntilAsync("it waits", () => time.Armed == 1);
        output.ToString().Should().Be(shown);
    }

    private async Task AfterAsync(Task run, int milliseconds, string before, string after)
    {
        time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        await StandsAsync(before);
        time.Advance(TimeSpan.FromMilliseconds(1));

        // What is being written to is not looked at.
        await Eventually.UntilAsync("it waits for what is next, or is over", () => time.Armed == 1 || run.IsCompleted);
        output.ToString().Should().Be(after);
    }
}
