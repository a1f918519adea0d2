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
        await using var feed = Feed(LogPosition.Start);
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
    public async Task The_feed_leaves_out_chunks_and_says_when_it_has_caught_up()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"), Text.Completed);
        await using var feed = Feed(LogPosition.Start);

        var items = await TakeItemsUntilAsync(feed, item => item is FeedItem.CaughtUp, evenCaughtUp: true);

        var events = items.OfType<FeedItem.Recorded>().Select(i => i.Event).ToList();
        events.Should().Equal((await ReadAsync(Text.Id)).Where(recorded => recorded.Event is not StreamEvent.ChunkPersisted));
        items[^1].Position.Should().Be(events[^1].Position);
    }

    [Fact]
    public async Task The_feed_goes_on_after_a_position()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var read = await ReadAsync(Text.Id);
        await using var feed = Feed(read[0].Position);

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
        await using var feed = Feed(LogPosition.Start);

        var items = await TakeItemsAsync(feed, 3);

        items[1].Should().BeOfType<FeedItem.Damaged>().Which.What.Should().Contain($"{name}, revision 1").And.Contain("'SomebodyElses'");
        ((FeedItem.Damaged)items[1]).Foreign.Should().Be(new ForeignEvent("SomebodyElses", Revision.From(1)));
        ((FeedItem.Damaged)items[1]).Stream.Should().Be(Text.Id);
        items[2].Should().BeOfType<FeedItem.Recorded>().Which.Event.Event.Should().Be(other.Created);
    }

    [Theory]
    [InlineData("SomebodyElses", "{}")]
    [InlineData("SomebodyElses", "")]
    [InlineData("SomebodyElses", "no JSON")]
    [InlineData("StreamCompleted", "")]
    [InlineData("StreamCompleted", "{\"$correlationId\":\"x\"}")]
    public async Task A_text_into_which_another_program_has_written_reads_up_to_there(string type, string metadata)
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("One. "));
        await Store.AppendedAsync(Prefix.Text(Text.Id), Bytes.After(2), Bytes.Event("{}", type) with { Metadata = System.Text.Encoding.UTF8.GetBytes(metadata) });
        var bodies = new StreamBodies(Log);

        for (var time = 0; time < 2; time++)
        {
            var body = await bodies.FindAsync(Text.Id, default);
            body!.Text.ToString().Should().Be("One. ");
            body.Summary.Foreign.Should().Be(new ForeignEvent(type, Revision.From(3)));
            body.Revision.Should().Be(Revision.From(2));
        }

        (await bodies.FindAsync(Text.Id, Revision.From(2), default))!.Summary.Foreign.Should().BeNull("then it was not there yet");
        (await this.Awaiting(_ => ReadAsync(Text.Id)).Should().ThrowAsync<LogDamagedException>()).WithMessage($"*revision 3*'{type}'*another program*");
    }

    [Fact]
    public async Task What_the_feed_tells_is_checked_against_the_chain_of_its_stream()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("One. "), Text.Completed);
        var forged = NewText("b");
        await forged.AppendedAsync(Log, forged.Created, forged.Started, forged.Chunk("One. "));
        forged.Head = forged.Head with { Hash = ChainHash.Origin };
        await forged.AppendedAsync(Log, forged.Completed);
        var gone = NewText("c");
        await gone.AppendedAsync(Log, gone.Created, gone.Started, gone.Chunk("One. "), gone.Completed);
        await using var feed = Feed(LogPosition.Start);
        var told = await TakeItemsAsync(feed, 9);
        await DeleteAsync(gone);

        var items = await Log.CheckedAsync([.. told], default);

        items.Take(5).Should().Equal(told.Take(5));
        items[5].Should().BeOfType<FeedItem.Damaged>().Which.Should().Match<FeedItem.Damaged>(item => item.Stream == forged.Id && item.Foreign == null);
        items[8].Should().BeOfType<FeedItem.Tombstoned>("it is gone by now").Which.Stream.Should().Be(gone.Id);
    }

    [Fact]
    public async Task The_feed_has_nothing_of_heartbeats_and_of_others_streams()
    {
        await using var feed = Feed(LogPosition.Start);
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

    private IAsyncEnumerator<FeedItem> Feed(LogPosition after) =>
        Log.FollowAllAsync(after, CancellationToken.None).GetAsyncEnumerator();

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
