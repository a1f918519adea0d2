using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Damage below the events: tables that contradict each other, and pages that SQLite cannot read.</summary>
public sealed class VerifyDamageTests : IAsyncLifetime, IDisposable
{
    private const int PageSize = 8192;

    private readonly TempFolder folder = new();

    public async Task InitializeAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "text"), Completed(4, 1));
        await log.WriteAsync("b", Created("b"), Started());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a row that no index names", "DELETE FROM settled WHERE position = 6; DELETE FROM recent WHERE position = 6;"
        + "UPDATE streams SET head = 0 WHERE name = 'text-b'", "tables", "b", 1L)]
    [InlineData("a stream without a name", "DELETE FROM streams WHERE id = 2; DELETE FROM names WHERE stream = 2", "tables", "(stream 2)", 0L)]
    [InlineData("a name in one table only", "DELETE FROM names WHERE stream = 2", "tables", "b", null)]
    [InlineData("a name in the other table only", "DELETE FROM streams WHERE id = 2", "tables", "b", null)]
    [InlineData("a name that was changed", "UPDATE streams SET name = 'text-c' WHERE id = 2", "hash", "c", 0L)]
    [InlineData("an event in the index twice", "INSERT OR IGNORE INTO settled SELECT * FROM recent WHERE position = 6;"
        + "INSERT OR IGNORE INTO recent SELECT * FROM settled WHERE position = 6", "tables", "b", 1L)]
    [InlineData("a removal that nobody asked for", "INSERT INTO cleanups VALUES (2)", "tables", "b", null)]
    [InlineData("a trigger", "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM log; END", "tables", null, null)]
    [InlineData("a head too far", "UPDATE streams SET head = 7 WHERE id = 2", "head", "b", 2L)]
    [InlineData("a head too near", "UPDATE streams SET head = 0 WHERE id = 2", "head", "b", 1L)]
    [InlineData("no events", "DELETE FROM log WHERE stream = 2; DELETE FROM settled WHERE stream = 2; DELETE FROM recent WHERE stream = 2",
        "missing", "b", null)]
    [InlineData("no rows", "DELETE FROM log WHERE stream = 2", "unreadable", "b", 1L)]
    [InlineData("a tombstone's mark without one", "UPDATE streams SET head = 9223372036854775807 WHERE id = 2", "tombstone", "b", null)]
    [InlineData("a time that cannot be", "UPDATE log SET created = -1 WHERE position = 6", "unreadable", "b", 1L)]
    [InlineData("a kind that is not its type's", "UPDATE log SET kind = 2 WHERE position = 6", "tables", "b", 1L)]
    [InlineData("another's row", "UPDATE log SET stream = 1 WHERE position = 6", "unreadable", "b", 1L)]
    public async Task Tables_that_contradict_each_other_are_found(string what, string sql, string code, string? stream, long? revision)
    {
        (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();
        folder.Tamper(sql);

        var run = await VerifyRuns.VerifyAsync(folder.Path);

        run.ExitCode.Should().Be(1, what);
        run.Findings().Should().Contain(new Found(code, stream, revision)).And.NotContain(f => f.Stream == "a" && f.Code != "tables");
    }

    [Fact]
    public async Task An_index_of_sqlites_own_that_lies_is_found_by_its_own_check()
    {
        folder.Tamper("""
            PRAGMA writable_schema=ON;
            UPDATE sqlite_master SET sql = 'CREATE INDEX log_in_feed ON log (position) WHERE type <> ''StreamStarted''' WHERE name = 'log_in_feed';
            """);

        (await VerifyRuns.VerifyAsync(folder.Path)).Findings().Should().Contain(new Found("database", null, null));
    }

    [Fact]
    public async Task Overwritten_pages_are_reported_and_the_other_streams_are_still_verified()
    {
        await WriteManyAsync(streams: 60);
        var file = folder.File("log.db");
        var pages = new FileInfo(file).Length / PageSize;
        pages.Should().BeGreaterThan(30);
        var (named, stillRead) = (0, 0);
        for (var page = 2; page < pages; page += 3)
        {
            using var copy = LogCopy.Of(folder.Path);
            await using (var damaged = new FileStream(copy.Folder.File("log.db"), FileMode.Open))
            {
                damaged.Position = page * (long)PageSize;
                await damaged.WriteAsync(Enumerable.Repeat((byte)0xA5, PageSize).ToArray());
            }

            var run = await VerifyRuns.VerifyAsync(copy.Path);

            run.ExitCode.Should().BeOneOf([1, 2], $"page {page} was overwritten");
            if (run.ExitCode == 2) continue;
            run.Findings().Should().Contain(f => f.Code == "database");
            if (run.Findings().Any(f => f is { Code: "unreadable", Stream: not null, Revision: not null })) named++;
            if (run.Summary().GetProperty("streams").GetInt64() == 62) stillRead++;
        }

        named.Should().BeGreaterThan(5);
        stillRead.Should().BeGreaterThan(5);
    }

    [Fact]
    public async Task Half_a_page_of_zeros_is_found_and_no_command_reads_on_for_ever()
    {
        await WriteManyAsync(streams: 5);
        var sound = await File.ReadAllBytesAsync(folder.File("log.db"));
        var damagedPages = 0;
        for (var half = PageSize + (PageSize / 2); half < sound.Length; half += PageSize)
        {
            if (!sound.AsSpan(half, PageSize / 2).ContainsAnyExcept((byte)0)) continue;
            damagedPages++;
            using var copy = LogCopy.Of(folder.Path);
            await using (var damaged = new FileStream(copy.Folder.File("log.db"), FileMode.Open))
            {
                damaged.Position = half;
                await damaged.WriteAsync(new byte[PageSize / 2]);
            }

            foreach (var command in (string[][])[["verify"], ["list"], ["stats"], ["export", "--all", "--out", "-"]])
            {
                var run = await AuditRun.OfAsync([.. command, "--store", copy.Path]).WaitAsync(Eventually.Limit);
                if (command[0] == "verify") run.ExitCode.Should().BeOneOf([1, 2], $"bytes from {half} were overwritten");
            }
        }

        damagedPages.Should().BeGreaterThan(5);
    }

    [Fact]
    public async Task A_file_whose_beginning_is_lost_cannot_be_read()
    {
        await using (var damaged = new FileStream(folder.File("log.db"), FileMode.Open)) await damaged.WriteAsync(new byte[100]);

        (await VerifyRuns.VerifyAsync(folder.Path)).ExitCode.Should().Be(2);
    }

    private async Task WriteManyAsync(int streams)
    {
        await using var log = await folder.OpenLogAsync();
        for (var i = 0; i < streams; i++)
        {
            var text = new string((char)('a' + (i % 26)), 2000);
            await log.WriteAsync($"s{i}", Created($"s{i}"), Started(), Chunk(0, 0, text), Chunk(1, 2000, text), Completed(4000, 2));
        }
    }
}
