using EventSourcedStreams.Domain;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class DirectoryDueTests : CatalogTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Streaming_ones_are_paged_through_oldest_first()
    {
        for (var i = 9; i >= 0; i--) Feed.With($"s{i}", Created($"s{i}", at: Noon.AddSeconds(-i)), Started());
        Feed.With("pending", Created("pending")).With("done", Created("done"), Started(), Completed());
        await Feed.ApplyAsync();

        var first = await Catalog.FindDueAsync(new DueQuery.Streaming(), null, 4, Ct);
        var second = await Catalog.FindDueAsync(new DueQuery.Streaming(), first.NextCursor, 4, Ct);
        var third = await Catalog.FindDueAsync(new DueQuery.Streaming(), second.NextCursor, 4, Ct);

        Ids(first.Items).Should().Equal("s9", "s8", "s7", "s6");
        Ids(second.Items).Should().Equal("s5", "s4", "s3", "s2");
        Ids(third.Items).Should().Equal("s1", "s0");
        third.NextCursor.Should().BeNull();
    }

    [Fact]
    public async Task Of_streaming_ones_those_that_are_known_to_be_driven_can_be_left_out()
    {
        var (a, old, b) = (new NodeRun("a", "2"), new NodeRun("a", "1"), new NodeRun("b", "1"));
        for (var i = 0; i < 9; i++)
            Feed.With($"s{i}", Created($"s{i}", at: Noon.AddSeconds(i)), Started(driver: (i % 3) switch { 0 => a, 1 => old, _ => b }));
        await Feed.ApplyAsync();

        async Task<IReadOnlyList<string>> BesidesAsync(NodeRun[] alive, params string[] driven) => await DueAsync(
            new DueQuery.Streaming { Alive = alive, Driven = [.. driven.Select(id => new StreamId(id))] });
        (await BesidesAsync([])).Should().HaveCount(9);
        (await BesidesAsync([a])).Should().Equal("s1", "s2", "s4", "s5", "s7", "s8");
        (await BesidesAsync([a, b])).Should().Equal("s1", "s4", "s7");
        (await BesidesAsync([new("b", "2"), new("c", "1")])).Should().HaveCount(9);
        (await BesidesAsync([b], "s0", "s4", "none")).Should().Equal("s1", "s3", "s6", "s7");
        (await Catalog.FindDueAsync(new DueQuery.Streaming { Alive = [a] }, null, 2, Ct)).NextCursor.Should().NotBeNull();
    }

    [Fact]
    public async Task Paging_goes_on_behind_a_stream_that_has_ended_and_behind_one_that_is_gone()
    {
        for (var i = 0; i < 4; i++) Feed.With($"s{i}", Created($"s{i}", at: Noon.AddSeconds(i)), Started());
        await Feed.ApplyAsync();
        var behindFirst = (await Catalog.FindDueAsync(new DueQuery.Streaming(), null, 1, Ct)).NextCursor;
        var behindSecond = (await Catalog.FindDueAsync(new DueQuery.Streaming(), null, 2, Ct)).NextCursor;

        Feed.With("s1", first: 2, Completed()).WithTombstone("s0");
        await Feed.ApplyAsync();

        Ids((await Catalog.FindDueAsync(new DueQuery.Streaming(), behindSecond, 10, Ct)).Items).Should().Equal("s2", "s3");
        Ids((await Catalog.FindDueAsync(new DueQuery.Streaming(), behindFirst, 10, Ct)).Items).Should().Equal("s2", "s3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_due_is_paged_through_whole_also_behind_streams_that_are_gone(int limit)
    {
        string[] ids = [.. Enumerable.Range(0, 10).Select(i => $"s{i}")];
        foreach (var (i, id) in ids.Index())
        {
            // Pairs have the same time.
            var at = Noon.AddSeconds(i / 2);
            Feed.With($"p{id}", Created($"p{id}", at: at))
                .With($"o{id}", Created($"o{id}", retain: Hour), Started(), Completed(at: at))
                .With($"r{id}", Created($"r{id}"), Started(), Completed(at: at.AddTicks(1)))
                .With($"d{id}", Created($"d{id}", at: at), Deleted(StreamStatus.Pending));
        }

        await Feed.ApplyAsync();

        var pending = await PagesAsync(limit, new DueQuery.PendingSince(Noon + Hour));
        var retained = await PagesAsync(limit, new DueQuery.RetentionOver(Noon + (2 * Hour), Hour));
        var deleted = await PagesAsync(limit, new DueQuery.DeletionCutShort());

        pending.Should().Equal(ids.Select(id => $"p{id}"));
        retained.Should().Equal(ids.Chunk(2).SelectMany(two => two.Select(id => $"o{id}").Concat(two.Select(id => $"r{id}"))));
        deleted.Should().Equal(ids.Select(id => $"d{id}"));
    }

    [Fact]
    public async Task What_was_ended_for_its_deletion_is_due_until_it_is_deleted()
    {
        Feed.With("words", Created("words", at: Noon.AddSeconds(1)), Started(), Cancelled(StreamEvent.StreamCancelled.ForDeletion))
            .With("enough", Created("enough"), Started(), Cancelled("enough"))
            .With("fenced", Created("fenced"), Started(), Cancelled(StreamEvent.StreamCancelled.ForDeletion), Deleted(StreamStatus.Cancelled))
            .With("caused", Created("caused"));
        var cancelled = Recorded("caused", 1, Cancelled(), position: Feed.Next().Commit);
        Feed.Items.Add(new FeedItem.Recorded(cancelled with { Context = cancelled.Context with { CausationId = "f81d4fae" } }));
        await Feed.ApplyAsync();

        (await DueAsync(new DueQuery.CancelledForDeletion())).Should().Equal("caused", "words");
        (await DueAsync(new DueQuery.CancelledForDeletion(), limit: 1)).Should().Equal("caused");
        (await DueAsync(new DueQuery.DeletionCutShort())).Should().Equal("fenced");

        Feed.With("caused", first: 2, Deleted(StreamStatus.Cancelled)).WithTombstone("words");
        await Feed.ApplyAsync();
        (await DueAsync(new DueQuery.CancelledForDeletion())).Should().BeEmpty();
    }

    [Fact]
    public async Task The_nodes_that_drive_are_named_once_each()
    {
        for (var i = 0; i < 30; i++)
            Feed.With($"s{i}", Created($"s{i}"), Started(driver: new NodeRun($"node-{i % 3}", $"run-{i}")));
        Feed.With("ended", Created("ended"), Started(driver: new NodeRun("node-9", "run")), Completed());
        await Feed.ApplyAsync();

        (await Catalog.DrivingNodesAsync(Ct)).Should().BeEquivalentTo("node-0", "node-1", "node-2");
    }

    [Fact]
    public async Task Pending_ones_are_due_when_they_were_created_before()
    {
        Feed.With("late", Created("late", at: Noon))
            .With("b", Created("b", at: Noon.AddTicks(-1)))
            .With("a", Created("a", at: Noon - Hour))
            .With("driven", Created("driven", at: Noon - Hour), Started());
        await Feed.ApplyAsync();

        (await DueAsync(new DueQuery.PendingSince(Noon))).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Retention_is_over_at_its_very_end_by_the_streams_own_or_else_the_default()
    {
        void Ended(string id, TimeSpan? retain, DateTimeOffset at) =>
            Feed.With(id, Created(id, retain: retain), Started(), Completed(at: at));
        Ended("own, over", Hour, Noon - Hour);
        Ended("own, not yet", Hour, Noon - Hour + TimeSpan.FromTicks(1));
        Ended("own is longer than the default", Hour * 100, Noon - (Hour * 3));
        Ended("own without end", TimeSpan.MaxValue, Noon - (Hour * 3));
        Ended("default, over", null, Noon - (Hour * 3));
        Ended("default, not yet", null, Noon - (Hour * 2) + TimeSpan.FromTicks(1));
        Feed.With("still streaming", Created("still streaming", retain: TimeSpan.Zero, at: Noon - (Hour * 9)), Started());
        Feed.With("cancelled undriven", Created("cancelled undriven", retain: TimeSpan.Zero, at: Noon - (Hour * 9)), Cancelled());
        Feed.With(
            "deleted", Created("deleted", retain: TimeSpan.Zero), Started(), Completed(at: Noon - Hour), Deleted(StreamStatus.Done));
        await Feed.ApplyAsync();

        (await DueAsync(new DueQuery.RetentionOver(Noon, Hour * 2)))
            .Should().Equal("default, over", "own, over", "cancelled undriven");
        (await DueAsync(new DueQuery.RetentionOver(Noon, Default: null))).Should().Equal("own, over", "cancelled undriven");
        (await DueAsync(new DueQuery.RetentionOver(Noon, TimeSpan.MaxValue))).Should().Equal("own, over", "cancelled undriven");
        (await DueAsync(new DueQuery.RetentionOver(Noon, Hour * 2), limit: 1)).Should().Equal("default, over");
    }

    /// <summary>What a page has shown is gone when the next is asked for.</summary>
    private async Task<List<string>> PagesAsync(int limit, DueQuery query)
    {
        var (all, cursor) = (new List<string>(), default(string));
        do
        {
            (var page, cursor) = await Catalog.FindDueAsync(query, cursor, limit, Ct);
            all.AddRange(Ids(page));
            foreach (var stream in page) Feed.WithTombstone(stream.Id.Value);
            await Feed.ApplyAsync();
        }
        while (cursor is not null);
        return all;
    }
}
