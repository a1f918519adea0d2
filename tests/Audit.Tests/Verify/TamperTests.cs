using System.Globalization;
using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Every event of a stream, changed in every way that SQL can: each time the stream and the revision are
/// named.</summary>
public sealed class TamperTests : IAsyncLifetime, IDisposable
{
    private const string Id = "victim";

    private readonly TempFolder original = new();
    private IReadOnlyList<LogRow> rows = [];

    public async Task InitializeAsync()
    {
        await using (var log = await original.OpenLogAsync())
        {
            await log.WriteAsync("before", Created("before"), Started(), Chunk(0, 0, "untouched"), Completed(9, 1));
            await log.WriteAsync(
                Id, Created(Id), Started(), Chunk(0, 0, "First. "), Chunk(1, 7, "Zweitens: ü. "), Chunk(2, 21, "Third."), Completed(27, 3));
            await log.WriteAsync("after", Created("after"), Started(), Chunk(0, 0, "untouched"), Completed(9, 1));
        }

        using var copy = LogCopy.Of(original.Path);
        rows = copy.Rows(Id);
        rows.Should().HaveCount(6);
        (await VerifyRuns.VerifyAsync(original.Path)).ShouldBeClean();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => original.Dispose();

    [Theory]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"at\":\"2026-11-21T12:00:00", "\"at\":\"2026-11-21T12:00:01")]
    [InlineData("\"node\":{\"node\":\"node-1\"", "\"node\":{\"node\":\"node-2\"")]
    [InlineData("\"run\":\"run-1\"", "\"run\":\"run-2\"")]
    [InlineData("\"epoch\":1", "\"epoch\":2")]
    [InlineData("\"actor\":\"alice\"", "\"actor\":\"alicf\"")]
    [InlineData("{\"v\"", " {\"v\"")]
    public async Task Metadata_that_was_changed_is_named(string written, string forged)
    {
        foreach (var row in rows)
        {
            var metadata = Encoding.UTF8.GetString(row.Metadata);
            metadata.Should().Contain(written);
            await NamedAsync(row, row with { Metadata = Encoding.UTF8.GetBytes(metadata.Replace(written, forged, StringComparison.Ordinal)) });
        }
    }

    [Fact]
    public async Task A_byte_of_the_hash_that_was_changed_is_named_at_it_and_at_the_event_behind()
    {
        foreach (var row in rows)
        {
            var forged = (byte[])row.Metadata.Clone();
            forged[^20] = forged[^20] == (byte)'A' ? (byte)'B' : (byte)'A';
            var run = await NamedAsync(row, row with { Metadata = forged });
            if (row.Revision < rows[^1].Revision) run.Findings().Should().Contain(new Found("hash", Id, row.Revision + 1));
        }
    }

    [Fact]
    public async Task A_byte_of_the_data_that_was_changed_is_named()
    {
        foreach (var row in rows)
            foreach (var at in new[] { 0, row.Data.Length / 3, row.Data.Length / 2, row.Data.Length - 1 })
                await NamedAsync(row, row with { Data = Flipped(row.Data, at) });
    }

    [Fact]
    public async Task Data_or_metadata_cut_short_or_made_empty_is_named()
    {
        foreach (var row in rows)
        {
            await NamedAsync(row, row with { Data = row.Data[..^1] });
            await NamedAsync(row, row with { Data = [] });
            await NamedAsync(row, row with { Metadata = row.Metadata[..^1] });
            await NamedAsync(row, row with { Metadata = [] });
        }
    }

    [Fact]
    public async Task A_type_a_content_type_or_an_id_that_was_changed_is_named()
    {
        foreach (var row in rows)
        {
            await NamedAsync(row, row with { Type = Encoding.UTF8.GetString(Flipped(Encoding.UTF8.GetBytes(row.Type), 3)) });
            await NamedAsync(row, row with { Type = row.Type == "StreamCompleted" ? "StreamStarted" : "StreamCompleted" });
            await NamedAsync(row, row with { ContentType = "application/jsom" });
            await NamedAsync(row, row with { Id = Flipped(row.Id, 15) });
            await NamedAsync(row, row with { Id = row.Id[..15] });
        }
    }

    [Fact]
    public async Task An_event_that_was_dropped_is_named_whether_or_not_the_index_was_cleaned()
    {
        foreach (var row in rows)
        {
            foreach (var isClean in new[] { false, true })
            {
                using var copy = LogCopy.Of(original.Path);
                copy.Run(Sql($"DELETE FROM log WHERE position = {row.Position}"));
                if (isClean)
                    copy.Run(Sql($"DELETE FROM settled WHERE position = {row.Position}; DELETE FROM recent WHERE position = {row.Position}"));
                Named(await VerifyRuns.VerifyAsync(copy.Path), row.Revision);
            }
        }
    }

    [Fact]
    public async Task An_event_that_was_dropped_and_the_rest_moved_up_is_named_at_the_event_that_took_its_place()
    {
        foreach (var row in rows.SkipLast(1))
        {
            using var copy = LogCopy.Of(original.Path);
            copy.Run(Sql($"DELETE FROM log WHERE position = {row.Position}"));
            foreach (var table in new[] { "settled", "recent" })
                copy.Run(Sql($"DELETE FROM {table} WHERE position = {row.Position}"));
            foreach (var later in rows.Where(later => later.Revision > row.Revision))
            {
                foreach (var table in new[] { "log", "settled", "recent" })
                    copy.Run(Sql($"UPDATE {table} SET revision = revision - 1 WHERE position = {later.Position}"));
            }

            copy.Run(Sql($"UPDATE streams SET head = head - 1 WHERE id = {row.Number}"));
            Named(await VerifyRuns.VerifyAsync(copy.Path), row.Revision);
        }
    }

    [Fact]
    public async Task Two_neighbours_that_were_swapped_are_named()
    {
        for (var i = 0; i + 1 < rows.Count; i++)
        {
            using var copy = LogCopy.Of(original.Path);
            copy.Write(rows[i].Position, rows[i + 1]);
            copy.Write(rows[i + 1].Position, rows[i]);
            Named(await VerifyRuns.VerifyAsync(copy.Path), i, i + 1);
        }
    }

    [Fact]
    public async Task Two_neighbours_whose_revisions_were_swapped_with_the_index_are_named()
    {
        for (var i = 0; i + 1 < rows.Count; i++)
        {
            using var copy = LogCopy.Of(original.Path);
            var (first, second) = (rows[i], rows[i + 1]);
            foreach (var table in new[] { "log", "settled", "recent" })
            {
                copy.Run(Sql($"UPDATE {table} SET revision = -5 WHERE position = {first.Position}"));
                copy.Run(Sql($"UPDATE {table} SET revision = {first.Revision} WHERE position = {second.Position}"));
                copy.Run(Sql($"UPDATE {table} SET revision = {second.Revision} WHERE position = {first.Position}"));
            }

            var run = await VerifyRuns.VerifyAsync(copy.Path);
            Named(run, i, i + 1);
            run.Findings().Should().Contain(new Found("order", Id, i + 1));
        }
    }

    [Fact]
    public async Task A_revision_that_was_changed_is_named()
    {
        foreach (var row in rows)
        {
            using var copy = LogCopy.Of(original.Path);
            copy.Run(Sql($"UPDATE log SET revision = revision + 10 WHERE position = {row.Position}"));
            Named(await VerifyRuns.VerifyAsync(copy.Path), row.Revision);
        }
    }

    [Fact]
    public async Task An_event_put_in_between_is_named()
    {
        foreach (var row in rows.Skip(1))
        {
            using var copy = LogCopy.Of(original.Path);
            copy.Run(Sql($"UPDATE log SET stream = {row.Number} WHERE position = 1; UPDATE recent SET stream = -1 WHERE position = 1"));
            copy.Run(Sql($"UPDATE settled SET stream = -1 WHERE position = 1"));
            copy.Run(Sql($"UPDATE settled SET position = 1 WHERE position = {row.Position}"));
            copy.Run(Sql($"UPDATE recent SET position = 1 WHERE position = {row.Position}"));
            copy.Run(Sql($"UPDATE log SET revision = {row.Revision} WHERE position = 1"));
            Named(await VerifyRuns.VerifyAsync(copy.Path), row.Revision);
        }
    }

    [Fact]
    public async Task Only_the_victim_is_named_and_one_who_asks_for_another_stream_hears_nothing_of_it()
    {
        using var copy = LogCopy.Of(original.Path);
        copy.Write(rows[3].Position, rows[3] with { Data = Flipped(rows[3].Data, 40) });

        (await VerifyRuns.VerifyAsync(copy.Path)).Findings().Should().OnlyContain(f => f.Stream == Id);
        (await VerifyRuns.VerifyAsync(copy.Path, Id)).Findings().Should().Contain(f => f.Revision == 3);
        (await VerifyRuns.VerifyAsync(copy.Path, "before", "after")).ShouldBeClean();
    }

    private async Task<AuditRun> NamedAsync(LogRow row, LogRow forged)
    {
        using var copy = LogCopy.Of(original.Path);
        copy.Write(row.Position, forged);
        var run = await VerifyRuns.VerifyAsync(copy.Path);
        Named(run, row.Revision);
        return run;
    }

    private static void Named(AuditRun run, params long[] revisions)
    {
        run.ExitCode.Should().Be(1, run.Out + run.Error);
        foreach (var revision in revisions)
            run.Findings().Should().Contain(f => f.Stream == Id && f.Revision == revision, $"revision {revision} was changed");
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= 1;
        return flipped;
    }

    private static string Sql(FormattableString sql) => sql.ToString(CultureInfo.InvariantCulture);
}
