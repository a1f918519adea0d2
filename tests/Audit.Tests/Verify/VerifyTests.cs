using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_says_what_it_has_seen()
    {
        await WriteAsync();

        var run = await AuditRun.OfAsync("verify", "--store", folder.Path);

        run.ExitCode.Should().Be(0);
        run.Out.Should().MatchRegex(@"^Clean: 2 streams \(1 done, 1 pending\), 5 events, \d+ bytes in \d+\.\d s\.\n$");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task A_stream_that_is_named_is_told_of_with_its_head()
    {
        await WriteAsync();

        var run = await AuditRun.OfAsync("verify", "--store", folder.Path, "b", "a", "b");

        run.Out.Split('\n')[0].Should().MatchRegex(@"^b: clean, pending, 1 events, \d+ bytes, head 0 [\w-]{43}$");
        run.Out.Split('\n')[1].Should().MatchRegex(@"^a: clean, done, 4 events, \d+ bytes, head 3 [\w-]{43}$");
        run.Out.Split('\n')[2].Should().StartWith("Clean: 2 streams");
    }

    [Fact]
    public async Task A_finding_says_what_was_expected_and_what_is_there()
    {
        await WriteAsync();
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), '\"index\":0', '\"index\":1') AS BLOB) WHERE position = 3");

        var run = await AuditRun.OfAsync("verify", "--store", folder.Path, "a");

        run.ExitCode.Should().Be(1);
        var lines = run.Out.Split('\n');
        lines[0].Should().MatchRegex(@"^a, revision 2: \[hash\] expected hash [\w-]{43}; found: [\w-]{43}$");
        lines[1].Should().Be(
            "a, revision 2: [transition] expected chunk 0 at offset 0, or an ending of 0 bytes in 0 chunks; found: chunk 1 at offset 0");
        lines[2].Should().Contain("[transition] expected chunk 2 at offset 4, or an ending of 4 bytes in 2 chunks; "
            + "found: StreamCompleted of 4 bytes in 1 chunks");
        lines[^2].Should().StartWith("3 findings, 1 streams damaged: 1 streams");
    }

    [Fact]
    public async Task Beside_a_running_server_what_runs_is_clean_and_deleted_streams_are_too()
    {
        await using var server = await RunningServer.StartAsync(folder.Path);
        await server.CompleteAsync("done", "One. ", "Two. ");
        await server.SpeakAsync("running", "One. ", "Two");
        await server.SpeakAsync("cancelled", "One. ", "Two");
        await server.CancelAsync("cancelled");
        await server.CompleteAsync("deleted", "x");
        await server.DeleteAsync("deleted");

        var run = await VerifyRuns.VerifyAsync(folder.Path, "--all");

        run.ShouldBeClean();
        run.Summary().GetProperty("statuses").ToString().Should().Be("""{"cancelled":1,"deleted":1,"done":1,"streaming":1}""");
    }

    [Fact]
    public async Task While_a_server_writes_and_deletes_nothing_is_found()
    {
        await using var server = await RunningServer.StartAsync(folder.Path);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writing = WriteOnAsync(server, () => written++, stop.Token);
        await Eventually.UntilAsync(
            "a dozen streams came and went",
            async () =>
            {
                (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();
                return written >= 12 || writing.IsCompleted;
            },
            TimeSpan.FromMinutes(3));
        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task What_a_deletion_has_not_removed_yet_is_checked_against_its_tombstone()
    {
        await WriteAsync();
        using var written = LogCopy.Of(folder.Path);
        var rows = written.Rows("a");
        var head = Encoding.UTF8.GetString(rows[3].Metadata)[^45..^2];
        Entomb(folder, rows[0].Number, $$"""{"by":"bob","at":"2026-11-21T12:00:00Z","headRevision":3,"headHash":"{{head}}"}""");

        (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();

        foreach (var (sql, found) in new (string, Found)[]
        {
            ("UPDATE log SET data = X'00' WHERE position = 3", new("hash", "a", 2)),
            ("DELETE FROM log WHERE position = 4; DELETE FROM recent WHERE position = 4; DELETE FROM settled WHERE position = 4",
                new("tombstone", "a", 2)),
            ("UPDATE log SET metadata = X'7B7D' WHERE type = '$streamDeleted'", new("tombstone", "a", null)),
            ("UPDATE log SET metadata = CAST(replace(CAST(metadata AS TEXT), '\"headRevision\":3', '\"headRevision\":4') AS BLOB) "
                + "WHERE type = '$streamDeleted'", new("tombstone", "a", 3)),
            ("DELETE FROM cleanups", new("tables", "a", null)),
        })
        {
            using var copy = LogCopy.Of(folder.Path);
            copy.Run(sql);
            var run = await VerifyRuns.VerifyAsync(copy.Path);
            run.ExitCode.Should().Be(1);
            run.Findings().Should().Contain(found);
        }

        // The first ones go first: what is left begins anywhere.
        using var begun = LogCopy.Of(folder.Path);
        begun.Run("DELETE FROM log WHERE position < 3; DELETE FROM recent WHERE position < 3; DELETE FROM settled WHERE position < 3");
        (await VerifyRuns.VerifyAsync(begun.Path)).ShouldBeClean();
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_a_finding()
    {
        await WriteAsync();

        (await VerifyRuns.VerifyAsync(folder.Path, "a", "nobody")).Findings().Should().Equal(new Found("missing", "nobody", null));
    }

    [Fact]
    public async Task Nothing_in_the_folder_is_touched()
    {
        await WriteAsync();
        var before = FolderContents.Of(folder.Path);

        (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();

        FolderContents.Of(folder.Path).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Where_there_is_no_log_it_answers_2() => (await VerifyRuns.VerifyAsync(folder.Path)).ExitCode.Should().Be(2);

    /// <summary>As a server that was stopped between the tombstone and the first removal leaves it.</summary>
    private static void Entomb(TempFolder folder, long number, string metadata) => folder.Tamper($"""
        INSERT INTO log (stream, revision, id, type, content_type, created, data, metadata)
            VALUES ({number}, 9223372036854775807, zeroblob(16), '$streamDeleted', 'application/octet-stream', 1, X'', CAST('{metadata}' AS BLOB));
        INSERT INTO recent (stream, revision, position) VALUES ({number}, 9223372036854775807, last_insert_rowid());
        UPDATE streams SET head = 9223372036854775807 WHERE id = {number};
        INSERT INTO cleanups (stream) VALUES ({number})
        """);

    private static async Task WriteOnAsync(RunningServer server, Action written, CancellationToken stop)
    {
        for (var stream = 0; !stop.IsCancellationRequested; stream++)
        {
            await server.CompleteAsync($"s{stream}", [.. Enumerable.Range(0, 20).Select(i => $"Sentence {i}. ")]);
            if (stream >= 3) await server.DeleteAsync($"s{stream - 3}");
            written();
        }
    }

    private async Task WriteAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "text"), Completed(4, 1));
        await log.WriteAsync("b", Created("b"));
    }
}
