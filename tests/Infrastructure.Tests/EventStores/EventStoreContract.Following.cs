using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class EventStoreContract
{
    private StoreFilter Ours => new([Stream], []);

    [Fact]
    public async Task Following_gives_what_is_there_and_then_what_comes()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        await using var follower = Log.FollowAsync(Stream, 1, CancellationToken.None).GetAsyncEnumerator();
        (await follower.TakeAsync(2)).Select(e => e.Revision).Should().Equal(1, 2);

        await Log.AppendedAsync(Stream, After(2), Event("live"));
        await Log.AppendedAsync(Stream + "other", ExpectedRevision.NoStream, Event("not mine"));
        await Log.AppendedAsync(Stream, After(3), Event("more"));

        (await follower.TakeAsync(2)).Select(e => e.Text()).Should().Equal("live", "more");
    }

    [Fact]
    public async Task Following_waits_for_a_stream_and_for_a_revision_that_are_not_there_yet()
    {
        await using var follower = Log.FollowAsync(Stream, 1, CancellationToken.None).GetAsyncEnumerator();
        var first = follower.TakeAsync(1);
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("before"));
        await Log.AppendedAsync(Stream, After(0), Event("wanted"));

        (await first).Should().ContainSingle().Which.Text().Should().Be("wanted");
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var follower = Log.FollowAsync(Stream, 0, stop.Token).GetAsyncEnumerator();
        var waiting = follower.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await waiting.Awaiting(w => w.WaitAsync(Eventually.Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Followers_miss_nothing_and_see_nothing_twice_while_others_append()
    {
        const int Count = 500;
        var second = await SecondAsync();
        var followers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            await using var follower = (i % 2 == 0 ? Log : second).FollowAsync(Stream, i, CancellationToken.None).GetAsyncEnumerator();
            return (From: i, Seen: await follower.TakeAsync(Count - i));
        })).ToArray();

        for (var at = -1L; at < Count - 1;)
            at = (await Log.AppendedAsync(Stream, After(at), Events((int)Math.Min(1 + ((at + 1) % 7), Count - 1 - at)))).Last;

        foreach (var (from, seen) in await Task.WhenAll(followers))
            seen.Select(e => e.Revision).Should().Equal(Enumerable.Range(from, Count - from).Select(i => (long)i));
    }

    [Fact]
    public async Task Following_everything_says_when_it_has_caught_up()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));
        await Log.AppendedAsync(Stream + "-2", ExpectedRevision.NoStream, Event("b"));
        await using var feed = Log.FollowAllAsync(LogPosition.Start, Ours, CancellationToken.None).GetAsyncEnumerator();

        (await feed.TakeAsync(3)).Select(e => e?.Text()).Should().Equal("a", "b", null);

        await Log.AppendedAsync(Stream, After(0), Event("c"));
        (await TakeEventsAsync(feed, 1)).Should().ContainSingle().Which.Text().Should().Be("c");
    }

    [Fact]
    public async Task Following_everything_leaves_out_other_prefixes_and_types()
    {
        await using var feed = Log.FollowAllAsync(
            LogPosition.Start, Ours with { ExceptTypes = ["ChunkPersisted"] }, CancellationToken.None).GetAsyncEnumerator();
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a", "StreamCreated"), Event("b"), Event("c", "StreamCompleted"));
        await Log.AppendedAsync("x" + Stream, ExpectedRevision.NoStream, Event("d", "StreamCreated"));
        await Log.AppendedAsync(Stream + "-2", ExpectedRevision.NoStream, Event("e", "StreamCreated"), Event("f"));

        (await TakeEventsAsync(feed, 2)).Select(e => e.Text()).Should().Equal("a", "c");

        await Log.AppendedAsync(Stream + "-2", After(1), Event("g"), Event("h", "StreamFailed"));
        (await TakeEventsAsync(feed, 2)).Select(e => e.Text()).Should().Equal("e", "h");
    }

    [Fact]
    public async Task Following_everything_resumes_after_a_position()
    {
        var first = await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));
        await Log.AppendedAsync(Stream, After(0), Event("b"));
        await using var feed = Log.FollowAllAsync(first.Position, Ours, CancellationToken.None).GetAsyncEnumerator();

        (await TakeEventsAsync(feed, 1)).Should().ContainSingle().Which.Text().Should().Be("b");
    }

    [Fact]
    public async Task Following_everything_keeps_the_logs_order_while_many_append()
    {
        const int Streams = 8, Each = 100;
        await using var feed = Log.FollowAllAsync(LogPosition.Start, Ours, CancellationToken.None).GetAsyncEnumerator();
        var taking = TakeEventsAsync(feed, Streams * Each);
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(s => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await Log.AppendedAsync($"{Stream}-{s}", After(i - 1), Event($"{i}"));
        })));

        var seen = await taking;
        seen.Select(e => e.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        seen.GroupBy(e => e.Stream).Should().HaveCount(Streams)
            .And.OnlyContain(g => g.Select(e => e.Revision).SequenceEqual(Enumerable.Range(0, Each).Select(i => (long)i)));
    }

    /// <summary>The next events, whatever is said about having caught up between them.</summary>
    private static async Task<IReadOnlyList<StoredEvent>> TakeEventsAsync(IAsyncEnumerator<StoredEvent?> feed, int count)
    {
        var events = new List<StoredEvent>();
        while (events.Count < count)
            if ((await feed.TakeAsync(1))[0] is { } next) events.Add(next);

        return events;
    }
}
