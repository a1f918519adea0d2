using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ShowTests(AllKinds streams) : IClassFixture<AllKinds>
{
    [Fact]
    public async Task Every_event_is_a_row_with_time_gap_size_epoch_actor_and_what_it_says()
    {
        var run = await streams.RunAsync("show", "done");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().Be("done: done, 30 bytes in 2 chunks, 5 s from creation to end");
        lines[1].Should().MatchRegex("^rev +time +gap +event +size +epoch +actor +detail");
        lines.Should().HaveCount(7);
        lines[2].Should().MatchRegex("^ *0 +2026-11-21T12:00:00.000Z +StreamCreated +[0-9]+ +1 +alice +source demo.*labels user:42.*input \\{\"prompt\"");
        lines[5].Should().MatchRegex("^ *3 +2026-11-21T12:00:04.000Z +\\+2.000 +ChunkPersisted +[0-9]+ +1 +alice +#1, 25 bytes at 5, “Two 👩‍👩‍👧\\.\\\\u000D\\\\u000A”");
        lines[6].Should().Contain("30 bytes in 2 chunks, finish reason stop");
    }

    [Fact]
    public async Task Json_has_the_stored_fields_exact_times_and_hashes()
    {
        var run = await streams.RunAsync("show", "done", "--json");

        run.Json.Select(e => $"{e.GetProperty("revision")} {e.GetProperty("type")}").Should().Equal(
            "0 StreamCreated", "1 StreamStarted", "2 ChunkPersisted", "3 ChunkPersisted", "4 StreamCompleted");
        var chunk = run.Json[3];
        chunk.GetProperty("at").GetDateTime().Should().Be(new DateTime(2026, 11, 21, 12, 0, 4, DateTimeKind.Utc));
        chunk.GetProperty("gapSeconds").GetDouble().Should().Be(2);
        chunk.GetProperty("data").GetProperty("text").GetString().Should().Be("Two 👩‍👩‍👧.\r\n");
        chunk.GetProperty("hash").GetString().Should().HaveLength(43);
        chunk.GetProperty("eventId").GetGuid().Should().NotBeEmpty();
        chunk.GetProperty("node").GetString().Should().Be("node-1");
        run.Json[0].TryGetProperty("gapSeconds", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("cancelled", "StreamCancelled", "by anonymous, reason “seen enough”, asked for at 2026-11-21T12:00:00.000Z, 4 bytes in 1 chunk")]
    [InlineData("failed", "StreamFailed", "source-failed: “It <broke>.”, 4 bytes in 1 chunk")]
    [InlineData("silent", "StreamTimedOut", "nothing for 1200 s, last activity 2026-11-21T12:00:00.000Z, 0 bytes in 0 chunks")]
    [InlineData("running", "ChunkPersisted", "#0, 7 bytes at 0, “Goes on”")]
    [InlineData("waiting", "StreamCreated", "source demo, text/plain; charset=utf-8, idle timeout 1200 s")]
    public async Task The_last_event_says_how_it_stands(string id, string type, string detail)
    {
        var last = (await streams.RunAsync("show", id, "--json")).Json[^1];

        last.GetProperty("type").GetString().Should().Be(type);
        last.GetProperty("detail").GetString().Should().Be(detail);
    }

    [Theory]
    [InlineData("{\"note\":\"\\ud83d\"}")]
    [InlineData("{\"\\ud83d\":\n\t1}")]
    [InlineData(null)]
    public async Task What_is_stored_is_shown_however_deep_and_where_it_is_no_text(string? given)
    {
        var usage = given ?? new string('[', 255) + new string(']', 255);
        const string detail = "{\"\\ud83d\":1}";
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("odd", [
                new StreamCreated(new StreamId("odd"), "demo", usage, "text/plain", TimeSpan.FromMinutes(1), null, Labels.None, Names.None) { At = Scenario.Noon },
                new StreamStarted(1, Scenario.Node, "demo", null, null, "1") { At = Scenario.Noon },
                new PartStarted(1, new PartStart(PartKinds.Data) { Detail = detail, Encoding = PartEncoding.Json }, Scenario.Noon, default) { At = Scenario.Noon },
                new PartPersisted(1, 0, 0, usage, Scenario.Noon, new StreamExtent(0, 0, 1, detail.Length)) { At = Scenario.Noon },
                new PartEnded(1, usage.Length, new PartEnd(), Scenario.Noon, new StreamExtent(0, 0, 1, detail.Length + usage.Length)) { At = Scenario.Noon },
                new StreamCompleted(0, 0, "stop", usage) { At = Scenario.Noon, Parts = 1, PartBytes = detail.Length + usage.Length }]);
        }

        foreach (var command in new[] { "show odd --json", "show odd", "text odd --parts --json", "as-of odd --at 2026-11-21T13:00:00Z --parts --json", "verify odd", "list --json" })
        {
            var run = await AuditRun.OfAsync([.. command.Split(' '), "--store", folder.Path]);
            run.ExitCode.Should().Be(ExitCode.Ok, "{0}: {1}", command, run.Error);
            if (command.EndsWith("--json", StringComparison.Ordinal))
                foreach (var line in run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)) JsonElement.Parse(line, new JsonDocumentOptions { MaxDepth = 512 });
        }
    }

    [Fact]
    public async Task Of_a_deleted_stream_the_tombstone_is_shown()
    {
        var run = await streams.RunAsync("show", "gone");
        var json = (await streams.RunAsync("show", "gone", "--json")).Json.Should().ContainSingle().Subject;

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().StartWith("Stream gone was deleted by bob at 2026-11-21T13:00:00.000Z.").And.Contain("revision 2");
        json.GetProperty("status").GetString().Should().Be("deleted");
        json.GetProperty("by").GetString().Should().Be("bob");
        json.GetProperty("headRevision").GetInt64().Should().Be(2);
    }

    [Fact]
    public async Task Damage_is_shown_at_its_event_and_the_events_behind_it_too()
    {
        var run = await streams.RunAsync("show", "broken", "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.Should().HaveCount(5);
        run.Json.Select(e => e.TryGetProperty("damage", out _)).Should().Equal(false, false, true, false, false);
        run.Json[2].GetProperty("data").GetProperty("text").GetString().Should().Be("fals");
        (await streams.RunAsync("show", "broken")).Out.Should().Contain("broken: damaged behind revision 1; up to there streaming, 0 bytes in 0 chunks").And.Contain("Damage at revision 2: Its hash does not fit");
    }

    [Theory]
    [InlineData("show", "nobody")]
    [InlineData("text", "nobody")]
    [InlineData("as-of", "nobody", "--at", "0")]
    [InlineData("replay", "nobody")]
    [InlineData("report", "nobody", "--out", "never.html")]
    public async Task A_stream_that_never_was_is_one_line_on_stderr(params string[] args)
    {
        var run = await streams.RunAsync(args);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("streams-audit: There is no stream nobody in ").And.EndWith("See `streams-audit list`.\n");
        File.Exists("never.html").Should().BeFalse();
    }

    [Theory]
    [InlineData("text", "gone")]
    [InlineData("as-of", "gone", "--at", "0")]
    [InlineData("replay", "gone")]
    public async Task Of_a_deleted_stream_there_is_no_text_but_who_deleted_it_and_when(params string[] args)
    {
        var run = await streams.RunAsync(args);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("streams-audit: Stream gone was deleted by bob at 2026-11-21T13:00:00.000Z.");
    }

    [Theory]
    [InlineData("text", "broken")]
    [InlineData("as-of", "broken", "--at", "4")]
    [InlineData("replay", "broken", "--speed", "max")]
    public async Task Of_a_damaged_stream_no_text_is_given_out_and_the_place_is_named(params string[] args)
    {
        var run = await streams.RunAsync(args);

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("streams-audit: Damage: Stream text-broken, revision 2: Its hash does not fit");
    }

    [Theory]
    [InlineData("A stream's id has 1 to 512 characters", "show", "")]
    [InlineData("--at is a revision", "as-of", "done", "--at", "yesterday")]
    [InlineData("--at is a revision", "as-of", "done", "--at", "-1")]
    [InlineData("Option '--at' is required", "as-of", "done")]
    [InlineData("--speed is a factor", "replay", "done", "--speed", "fast")]
    [InlineData("--speed is a factor", "replay", "done", "--speed", "0x")]
    [InlineData("--from is a revision", "replay", "done", "--from", "x")]
    [InlineData("--server is an address", "check", "--server", "ftp://x")]
    [InlineData("--header is a name and a value", "check", "--server", "http://127.0.0.1:1", "--header", "secret")]
    public async Task Bad_arguments_get_a_line_that_names_them(string error, params string[] args)
    {
        var run = await streams.RunAsync(args);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("streams-audit: " + error).And.Subject.Count(c => c == '\n').Should().Be(1);
        run.Error.Should().NotContain("secret");
    }

    [Fact]
    public async Task Text_is_quoted_so_that_nothing_in_it_is_taken_for_what_the_tool_says()
    {
        using var folder = new TestKit.TempFolder();
        const string Text = "x”, finish reason stop\\u001B\u001b[2J\u202E";
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync(
                "q", TestKit.Scenario.Created("q") with { Source = "a, b" }, TestKit.Scenario.Started(), TestKit.Scenario.Chunk(0, 0, Text),
                TestKit.Scenario.Failed("code", "It said: “no”", System.Text.Encoding.UTF8.GetByteCount(Text), 1));

        var run = await AuditRun.OfAsync("show", "q", "--store", folder.Path);

        run.Out.Should().Contain("“x\\”, finish reason stop\\\\u001B\\u001B[2J\\u202E”").And.Contain("code: “It said: \\“no\\””").And.Contain("source “a, b”,");
        run.Out.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
    }

    [Fact]
    public async Task Stored_text_drives_no_terminal()
    {
        using var output = new StringWriter();
        var console = new Terminal.AuditConsole(output, TextWriter.Null, isOutputTerminal: true);

        await AuditProgram.RunAsync(["show", "done", "--store", streams.Folder.Path], console, TimeProvider.System, default);
        await AuditProgram.RunAsync(["text", "done", "--store", streams.Folder.Path], console, TimeProvider.System, default);

        output.ToString().Should().NotContain("\r").And.Contain("Two 👩‍👩‍👧.\\u000D\n");
    }
}
