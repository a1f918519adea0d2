using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class DirectoryListTests : CatalogTest
{
    [Fact]
    public async Task Newest_comes_first_and_of_the_same_instant_the_later_in_the_log()
    {
        Feed.With("old", Created("old", at: Noon.AddHours(-1)))
            .With("first", Created("first"))
            .With("second", Created("second"))
            .With("late in the log", Created("late in the log", at: Noon.AddHours(-2)));
        await Feed.ApplyAsync();

        (await IdsAsync()).Should().Equal("second", "first", "old", "late in the log");
    }

    [Fact]
    public async Task Pages_hold_every_stream_once_whatever_the_filter()
    {
        var random = new Random(1);
        var all = new List<(string Id, DateTimeOffset At, StreamStatus Status, string Color)>();
        for (var i = 0; i < 300; i++)
        {
            var (id, at, color) = ($"s{i}", Noon.AddSeconds(random.Next(20)), random.Next(2) == 0 ? "red" : "blue");
            var labels = Labels.From([new("color", color), new("user", "42")]);
            StreamEvent[] rest = random.Next(3) switch { 0 => [], 1 => [Started()], _ => [Started(), Completed()] };
            Feed.With(id, [Created(id, labels, at: at), .. rest]);
            all.Add((id, at, rest.Length switch { 0 => StreamStatus.Pending, 1 => StreamStatus.Streaming, _ => StreamStatus.Done }, color));
        }

        await Feed.ApplyAsync();

        foreach (var status in new StreamStatus?[] { null, StreamStatus.Pending, StreamStatus.Done, StreamStatus.Error })
        {
            foreach (var color in new[] { null, "red", "green" })
            {
                foreach (var limit in new[] { 1, 7, 200 })
                {
                    var expected = all.Index()
                        .Where(s => (status is null || s.Item.Status == status) && (color is null || s.Item.Color == color))
                        .OrderByDescending(s => s.Item.At).ThenByDescending(s => s.Index).Select(s => s.Item.Id);
                    (await AllPagesAsync(status, color is null ? null : ("color", color), limit)).Should().Equal(expected);
                }
            }
        }
    }

    [Fact]
    public async Task What_comes_or_goes_meanwhile_moves_no_page()
    {
        for (var i = 0; i < 6; i++) Feed.With($"s{i}", Created($"s{i}", at: Noon.AddSeconds(i)));
        await Feed.ApplyAsync();
        var first = await ListAsync(limit: 3);

        Feed.With("new", Created("new", at: Noon.AddHours(1))).WithTombstone("s3");
        await Feed.ApplyAsync();

        Ids(first.Items).Should().Equal("s5", "s4", "s3");
        Ids((await ListAsync(cursor: first.NextCursor)).Items).Should().Equal("s2", "s1", "s0");
    }

    [Fact]
    public async Task The_last_page_has_no_cursor_also_when_it_is_full()
    {
        Feed.With("a", Created("a")).With("b", Created("b"));
        await Feed.ApplyAsync();

        (await ListAsync(limit: 2)).NextCursor.Should().BeNull();
        (await ListAsync(limit: 1)).NextCursor.Should().MatchRegex("^[A-Za-z0-9_-]+$");
    }

    [Fact]
    public async Task A_label_is_matched_by_its_whole_value()
    {
        Feed.With("a", Created("a", Labels.From([new("k", "v")])))
            .With("b", Created("b", Labels.From([new("k", "V")])))
            .With("c", Created("c", Labels.From([new("k", "v\0x")])))
            .With("d", Created("d", Labels.From([new("K", "v")])));
        await Feed.ApplyAsync();

        (await IdsAsync(label: ("k", "v"))).Should().Equal("a");
        (await IdsAsync(label: ("k", "v\0x"))).Should().Equal("c");
        (await IdsAsync(label: ("k", "%"))).Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public Task A_limit_out_of_range_is_an_error(int limit) =>
        this.Invoking(t => t.ListAsync(limit: limit)).Should().ThrowAsync<ArgumentOutOfRangeException>();

    [Fact]
    public async Task Only_a_cursor_that_a_page_has_given_out_is_taken()
    {
        Feed.With("a", Created("a")).With("b", Created("b"));
        await Feed.ApplyAsync();
        var cursor = (await ListAsync(limit: 1)).NextCursor!;

        string[] wrong =
        [
            "", "x", "' OR 1=1 --", cursor[..^1], cursor + "A", cursor + "=", " " + cursor[1..],
            (cursor[0] == 'B' ? 'C' : 'B') + cursor[1..],
            new('A', 36), new('-', 36), new('=', 36), new('ä', 36), new('A', 4000),
        ];
        foreach (var text in wrong)
        {
            await this.Invoking(t => t.ListAsync(cursor: text)).Should().ThrowAsync<InvalidCursorException>(text);
            await this.Invoking(t => t.ListAsync(StreamStatus.Deleted, cursor: text)).Should().ThrowAsync<InvalidCursorException>(text);
        }
    }

    [Fact]
    public void A_cursor_is_read_as_it_was_written() => Prop.ForAll<long, long, long>((created, commit, prepare) =>
    {
        var cursor = new CatalogCursor(created, commit, prepare);
        return CatalogCursor.Parse(cursor.ToString()) == cursor;
    }).QuickCheckThrowOnFailure();

    /// <summary>What makes 100,000 streams list in milliseconds, told without a clock.</summary>
    [Fact]
    public void Every_question_reads_an_index_in_order_and_never_the_whole_table()
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        var cursor = new CatalogCursor(1, 2, 3).ToString();
        var commands =
            from status in new StreamStatus?[] { null, StreamStatus.Done }
            from label in new KeyValuePair<string, string>[][] { [], [new("k", "v")] }
            from owner in new KeyValuePair<string, string>[][] { [], [new("user", "ada")] }
            from after in new[] { null, cursor }
            select CatalogQueries.List(connection, new CatalogQuery(status, after, 50) { Labels = [.. owner, .. label] });
        DueQuery[] due =
        [
            new DueQuery.Streaming(), new DueQuery.PendingSince(Noon), new DueQuery.DeletionCutShort(),
        ];
        var further = due.Select(query => CatalogQueries.Due(connection, query, cursor, 10));
        foreach (var command in commands.Concat(due.Select(query => CatalogQueries.Due(connection, query, null, 10))).Concat(further))
        {
            Plan(command).Should().OnlyContain(step =>
                !step.Contains("TEMP B-TREE") && (!step.Contains("SCAN") || step.Contains("USING INDEX")));
        }

        // Its halves are in order; only what both give together, at most twice the limit, is scanned and sorted.
        string.Join('\n', Plan(CatalogQueries.Due(connection, new DueQuery.RetentionOver(Noon, TimeSpan.FromDays(1)), null, 10)))
            .Should().Contain("USING INDEX streams_retained").And.Contain("USING INDEX streams_ended")
            .And.NotContainAny("SCAN TABLE", "SCAN s");
        string.Join('\n', Plan(CatalogQueries.Due(connection, new DueQuery.RetentionOver(Noon, TimeSpan.FromDays(1)), cursor, 10)))
            .Should().Contain("USING INDEX streams_retained").And.Contain("USING INDEX streams_ended")
            .And.NotContainAny("SCAN TABLE", "SCAN s");
        Plan(CatalogQueries.DrivingNodes(connection)).Where(step => step.Contains("streams"))
            .Should().NotBeEmpty().And.OnlyContain(step => step.Contains("INDEX streams_driven"));
    }

    private async Task<List<string>> AllPagesAsync(StreamStatus? status, (string, string)? label, int limit)
    {
        var (ids, cursor) = (new List<string>(), default(string));
        do
        {
            var page = await ListAsync(status, label, cursor, limit);
            page.Items.Count.Should().BeLessThanOrEqualTo(limit);
            ids.AddRange(Ids(page.Items));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return ids;
    }
}
