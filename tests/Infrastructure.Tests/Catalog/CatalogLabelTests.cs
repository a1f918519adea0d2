using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Data.Sqlite;
using static EventSourcedStreams.TestKit.Scenario;
using static SQLitePCL.raw;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>Streams by their labels: what is looked through is what the answer needs, told in SQLite's own
/// steps.</summary>
public sealed class CatalogLabelTests : CatalogTest
{
    private static readonly KeyValuePair<string, string> Tenant = new("tenant", "acme");

    [Fact]
    public async Task A_page_by_id_costs_the_same_wherever_it_begins()
    {
        await FeedTenantAsync(streams: 2000);
        using var connection = Connect();

        var (first, last) = (PageSteps(null), PageSteps(new StreamId("s1950")));

        last.Should().BeCloseTo(first, (uint)first / 4);
        Plan(CatalogQueries.ById(connection, [Tenant], new StreamId("s1950"), 10)).Should().OnlyContain(step => !step.Contains("TEMP B-TREE"))
            .And.ContainSingle(step => step.Contains("sqlite_autoindex_streams_1 (id>?)"));

        int PageSteps(StreamId? after) => Steps(connection, () => Read(CatalogQueries.ById(connection, [Tenant], after, 10)));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("user")]
    public async Task Of_several_labels_the_one_that_fewest_streams_have_is_looked_through(string name)
    {
        var owner = new KeyValuePair<string, string>(name, "ada");
        await FeedTenantAsync(streams: 2000, name);
        using var connection = Connect();
        CatalogQuery query = CatalogQuery.Of(Labels.From([Tenant, owner]), cursor: null, limit: 5), reversed = query with { Labels = [.. query.Labels.Reverse()] };

        foreach (var asked in new[] { query, reversed, query with { Status = StreamStatus.Pending }, query with { From = Noon.AddSeconds(-1) } })
        {
            Steps(connection, () => Read(CatalogQueries.List(connection, asked))).Should().BeLessThan(Few);
            Steps(connection, () => Read(CatalogQueries.Count(connection, asked))).Should().BeLessThan(Few);
            Steps(connection, () => Read(CatalogQueries.ById(connection, asked.Labels, null, 5))).Should().BeLessThan(Few);
            Steps(connection, () => CatalogUsage.Read(connection, new UsageQuery(asked.Labels, null, null, null, null, 5))).Should().BeLessThan(Few);
        }

        Steps(connection, () => Read(CatalogQueries.Count(connection, query with { Labels = [Tenant] }))).Should().BeGreaterThan(Few, "all are counted");
    }

    [Fact]
    public async Task A_cursor_holds_whichever_label_is_looked_through()
    {
        for (var i = 0; i < 40; i++)
        {
            KeyValuePair<string, string>[] both = [new("a", "x"), new("b", "x")];
            Feed.With($"s{i:00}", Created($"s{i:00}", Labels.From(i % 4 == 0 ? both : i % 4 == 1 ? both[..1] : both[1..]), at: Noon.AddSeconds(i)));
        }

        await Feed.ApplyAsync();
        var (ids, query, leads) = (new List<string>(), CatalogQuery.Of(Labels.From([new("a", "x"), new("b", "x")]), null, limit: 3), new List<string>());
        using var connection = Connect();
        do
        {
            leads.Add(Lead(connection, query));
            var page = await Catalog.ListAsync(query, Ct);
            ids.AddRange(Ids(page.Items));
            query = query with { Cursor = page.NextCursor };

            // After the first page hardly one is left that has the other label alone.
            for (var i = 0; i < 40 && leads.Count == 1; i++)
            {
                if (i % 4 > 1) Feed.WithTombstone($"s{i:00}");
                if (i % 4 == 2) Feed.With($"t{i:00}", Created($"t{i:00}", Labels.From([new("a", "x")]), at: Noon.AddSeconds(i)));
            }

            await Feed.ApplyAsync();
        }
        while (query.Cursor is not null);

        leads.Distinct().Should().Equal("a", "b");
        ids.Should().Equal(Enumerable.Range(0, 10).Select(i => $"s{36 - (4 * i):00}"));
    }

    [Fact]
    public async Task Pages_by_id_hold_every_stream_once_and_no_deleted_one()
    {
        KeyValuePair<string, string> x = new("x", "1"), y = new("y", "1");
        for (var i = 0; i < 60; i++) Feed.With($"s{i}", Created($"s{i}", Labels.From(i % 3 == 0 ? [x, y] : i % 3 == 1 ? [x] : [y])));
        Feed.With("s3", first: 1, Deleted(StreamStatus.Pending)).WithTombstone("s6");
        await Feed.ApplyAsync();

        foreach (var (labels, rest) in new (Labels, int[])[] { (Labels.From([x]), [0, 1]), (Labels.From([x, y]), [0]) })
        {
            var (ids, after) = (new List<string>(), default(StreamId?));
            while (await Catalog.ListByIdAsync(labels, after, limit: 7, Ct) is [.., var last] page)
            {
                ids.AddRange(Ids(page));
                after = last.Id;
            }

            ids.Should().Equal(Enumerable.Range(0, 60).Where(i => rest.Contains(i % 3) && i is not (3 or 6)).Select(i => $"s{i}").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task All_pages_by_id_of_a_label_take_about_one_look_through_the_streams()
    {
        for (var i = 0; i < 2000; i++) Feed.With($"s{i:0000}", Created($"s{i:0000}", Labels.From([new("third", $"{i % 3}")])));
        await Feed.ApplyAsync();
        using var connection = Connect();
        var (ids, pages) = (new List<string>(), 0);

        var steps = Steps(connection, () =>
        {
            for (StreamId? after = null; ; after = new StreamId(ids[^1]), pages++)
            {
                using var page = CatalogQueries.ById(connection, [new("third", "1")], after, 10);
                var found = CatalogRows.Read(page);
                if (found.Count == 0) break;
                ids.AddRange(found.Select(row => row.Summary.Id.Value));
            }
        });

        ids.Should().Equal(Enumerable.Range(0, 2000).Where(i => i % 3 == 1).Select(i => $"s{i:0000}"));
        pages.Should().Be(67);
        steps.Should().BeLessThan(200_000, "looking through the label for each page would take four times as many");
    }

    [Fact]
    public void Streams_that_an_index_gives_out_of_order_are_not_believed()
    {
        CatalogRow Row(string id, Labels labels) =>
            new(1, default, new StreamSummary { Id = new StreamId(id), Source = "s", CreatedAt = Noon, IdleTimeout = default, Labels = labels }, "", 0);
        var labels = Labels.From([Tenant]);
        var (a, b) = (Row("a", labels), Row("b", labels));

        CatalogAnswers.RequireById([a, b], labels, after: null);
        foreach (var wrong in new Action[]
        {
            () => CatalogAnswers.RequireById([b, a], labels, after: null),
            () => CatalogAnswers.RequireById([a, a], labels, after: null),
            () => CatalogAnswers.RequireById([a, b], labels, after: new StreamId("a")),
            () => CatalogAnswers.RequireById([Row("a", Labels.None)], labels, after: null),
        })
            wrong.Should().Throw<SqliteException>();
    }

    /// <summary>What a page or a count of some streams takes, with room; two thousand take many times as
    /// much.</summary>
    private const int Few = 4000;

    /// <summary>All are one tenant's, and ten of them one owner's.</summary>
    private async Task FeedTenantAsync(int streams, string owner = "owner")
    {
        for (var i = 0; i < streams; i++)
        {
            KeyValuePair<string, string> of = new(owner, i % (streams / 10) == 0 ? "ada" : $"user-{i % 50}");
            Feed.With($"s{i:0000}", Created($"s{i:0000}", Labels.From([Tenant, of])));
        }

        await Feed.ApplyAsync();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>The label that the list's plan is given first.</summary>
    private static string Lead(SqliteConnection connection, CatalogQuery query) =>
        (string)CatalogQueries.List(connection, query).Parameters["$name0"].Value!;

    /// <summary>How many instructions SQLite runs, in tens.</summary>
    private static int Steps(SqliteConnection connection, Action act)
    {
        var tens = 0;
        sqlite3_progress_handler(connection.Handle, 10, _ => { tens++; return 0; }, null!);
        act();
        sqlite3_progress_handler(connection.Handle, 0, null!, null!);
        return tens * 10;
    }

    private static void Read(SqliteCommand command)
    {
        using (command)
        using (var reader = command.ExecuteReader())
            while (reader.Read()) { }
    }
}
