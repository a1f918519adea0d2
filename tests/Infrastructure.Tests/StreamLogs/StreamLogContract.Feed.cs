using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    [Fact]
    public async Task The_feed_has_lifecycles_requests_and_tombstones_in_the_logs_order()
    {
        var second = NewText("b");
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"));
        await second.AppendedAsync(Log, second.Created);
        await using var feed = Feed(LogPosition.Start, FeedScope.Lifecycle);
        (await TakeItemsAsync(feed, 3)).Select(i => ((FeedItem.Recorded)i).Event.Event)
            .Should().Equal(Text.Created, Text.Started, second.Created);

        var request = new ServiceEvent.StreamCancelRequested(Text.Id, "enough") { At = Time.GetUtcNow() };
        await Log.AppendRequestAsync(request, Texts.Context, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Text.AppendedAsync(Log, Text.Chunk("b"), Text.Completed);
        await DeleteAsync(Text);

        var requested = (await TakeItemsAsync(feed, 1))[0].Should().BeOfType<FeedItem.Requested>().Which;
        requested.Request.Should().Be(request);
        requested.Context.Should().Be(Texts.Context);
        var rest = await TakeItemsUntilAsync(feed, item => item is FeedItem.Tombstoned);
        rest[^1].Should().BeOfType<FeedItem.Tombstoned>().Which.Stream.Should().Be(Text.Id);
        rest.Should().NotContain(i => i is FeedItem.Damaged);
    }

    [Fact]
    public async Task The_feed_has_chunks_where_they_are_wanted_and_says_when_it_has_caught_up()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"));
        await using var feed = Feed(LogPosition.Start, FeedScope.Everything);

        var items = await TakeItemsUntilAsync(feed, item => item is FeedItem.CaughtUp, evenCaughtUp: true);

        var events = items.OfType<FeedItem.Recorded>().Select(i => i.Event).ToList();
        events.Should().Equal(await ReadAsync(Text.Id));
        items[^1].Position.Should().Be(events[^1].Position);
    }

    [Fact]
    public async Task The_feed_goes_on_after_a_position()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var read = await ReadAsync(Text.Id);
        await using var feed = Feed(read[0].Position, FeedScope.Lifecycle);

        (await TakeItemsAsync(feed, 1))[0].Should().Be(new FeedItem.Recorded(read[1]));
    }

    [Fact]
    public async Task The_feed_names_an_event_that_is_not_ours_and_goes_on()
    {
        var name = Prefix.Text(Text.Id);
        await Text.AppendedAsync(Log, Text.Created);
        await Store.AppendedAsync(name, Bytes.After(0), Bytes.Event("not JSON", "SomebodyElses"));
        var other = NewText("b");
        await other.AppendedAsync(Log, other.Created);
        await using var feed = Feed(LogPosition.Start, FeedScope.Lifecycle);

        var items = await TakeItemsAsync(feed, 3);

        items[1].Should().BeOfType<FeedItem.Damaged>().Which.What.Should().Contain($"{name}, revision 1");
        items[2].Should().BeOfType<FeedItem.Recorded>().Which.Event.Event.Should().Be(other.Created);
    }

    [Fact]
    public async Task The_feed_has_nothing_of_heartbeats_and_of_others_streams()
    {
        await using var feed = Feed(LogPosition.Start, FeedScope.Everything);
        await Log.AppendHeartbeatAsync(Heartbeat(), Revision.None, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Store.AppendedAsync($"x{Prefix.Text(Text.Id)}", ExpectedRevision.NoStream, Bytes.Event("{}"));
        await Text.AppendedAsync(Log, Text.Created);

        (await TakeItemsAsync(feed, 1))[0].Should().BeOfType<FeedItem.Recorded>().Which.Event.Event.Should().Be(Text.Created);
    }

    [Fact]
    public async Task An_event_of_ours_is_found_at_its_position()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var theirs = await Store.AppendedAsync($"x{Prefix.Text(Text.Id)}", ExpectedRevision.NoStream, Bytes.Event("{}"));

        foreach (var recorded in await ReadAsync(Text.Id))
            (await Log.FindAsync(recorded.Position, CancellationToken.None)).Should().Be(recorded.Id);

        (await Log.FindAsync(theirs.Position, CancellationToken.None)).Should().BeNull();
        (await Log.FindAsync(LogPosition.Start, CancellationToken.None)).Should().BeNull();
    }

    private IAsyncEnumerator<FeedItem> Feed(LogPosition after, FeedScope scope) =>
        Log.FollowAllAsync(after, scope, CancellationToken.None).GetAsyncEnumerator();

    private static async Task<IReadOnlyList<FeedItem>> TakeItemsAsync(IAsyncEnumerator<FeedItem> feed, int count)
    {
        var items = new List<FeedItem>();
        while (items.Count < count)
            if ((await feed.TakeAsync(1))[0] is var item and not FeedItem.CaughtUp) items.Add(item);

        return items;
    }

    private static async Task<IReadOnlyList<FeedItem>> TakeItemsUntilAsync(
        IAsyncEnumerator<FeedItem> feed, Func<FeedItem, bool> last, bool evenCaughtUp = false)
    {
        var items = new List<FeedItem>();
        while (items.Count == 0 || !last(items[^1]))
            if ((await feed.TakeAsync(1))[0] is var item && (evenCaughtUp || item is not FeedItem.CaughtUp)) items.Add(item);

        return items;
    }
}
