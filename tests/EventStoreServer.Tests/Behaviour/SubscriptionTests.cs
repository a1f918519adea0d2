using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What no recording shows of subscriptions: races, and clients that do not read.</summary>
[Collection(nameof(Alone))]
public sealed class SubscriptionTests : IAsyncLifetime
{
    private ServedLog served = null!;

    public async Task InitializeAsync() => served = await ServedLog.StartAsync();

    public async Task DisposeAsync() => await served.DisposeAsync();

    [Fact]
    public async Task A_stream_is_followed_without_gap_or_repeat_while_others_append()
    {
        const int All = 3000;
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AppendAsync("busy", All / 4)));
        var followers = Enumerable.Range(0, 8).Select(async i =>
        {
            await Task.Yield();
            using var call = served.Call(EventStoreMethods.Read, Requests.FollowStream("busy"));
            return (await EventsAsync(call, All)).Select(read => (long)read.StreamRevision).ToList();
        }).ToList();

        foreach (var revisions in await Task.WhenAll(followers)) revisions.Should().Equal(Enumerable.Range(0, All).Select(i => (long)i));
        await writers;
    }

    [Fact]
    public async Task Everything_is_followed_in_order_without_gap_or_repeat_while_others_append()
    {
        const int All = 2000;
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(i => AppendAsync($"{(i % 2 == 0 ? "mine" : "other")}-{i}", All / 4)));
        var followers = Enumerable.Range(0, 4).Select(async _ =>
        {
            using var call = served.Call(EventStoreMethods.Read, Requests.FollowAll(filter: Requests.ByStream("mine-")));
            return await EventsAsync(call, All);
        }).ToList();

        foreach (var read in await Task.WhenAll(followers))
        {
            read.Select(one => one.CommitPosition).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
            foreach (var stream in read.GroupBy(one => one.StreamIdentifier.StreamName))
                stream.Select(one => (int)one.StreamRevision).Should().Equal(Enumerable.Range(0, All / 4));
        }

        await writers;
    }

    [Fact]
    public async Task From_any_checkpoint_another_subscription_goes_on_without_gap_or_repeat()
    {
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync("noise", 7);
            await AppendAsync("mine", 3);
        }

        using var whole = served.Call(EventStoreMethods.Read, Requests.FollowAll(filter: Requests.ByStream(regex: "^mine$", window: 4)));
        var before = 0;
        var checkpoints = new List<(ulong Position, int Before)>();
        while (await whole.NextAsync(ReadResp.Parser) is { CaughtUp: null } next)
        {
            if (next.Event is not null) before++;
            if (next.Checkpoint is { } checkpoint) checkpoints.Add((checkpoint.CommitPosition, before));
        }

        checkpoints.Should().HaveCount(25);
        foreach (var (position, seen) in checkpoints.Where(checkpoint => checkpoint.Before < 30))
        {
            using var rest = served.Call(EventStoreMethods.Read, Requests.FollowAll(position, Requests.ByStream("mine")));
            (await EventsAsync(rest, 30 - seen)).Select(read => (int)read.StreamRevision).Should().Equal(Enumerable.Range(seen, 30 - seen));
        }
    }

    [Fact]
    public async Task Subscribers_that_do_not_read_cost_little_hold_nobody_up_and_lose_nothing()
    {
        const int Count = 1600, Bytes = 10_000, Subscribers = 40;
        for (var i = 0; i < Count / 2; i += 50) await AppendManyAsync("large", Requests.Events(50, Bytes, i));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var calls = new List<RawCall>();
        for (var i = 0; i < Subscribers; i++)
        {
            calls.Add(served.Call(EventStoreMethods.Read, i % 2 == 0 ? Requests.FollowAll() : Requests.FollowStream("large")));
            (await calls[i].NextAsync(ReadResp.Parser))!.Confirmation.Should().NotBeNull();
        }

        for (var i = Count / 2; i < Count; i += 50) await AppendManyAsync("large", Requests.Events(50, Bytes, i));

        // All of it for each of them would be 640 MB.
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(200_000_000);
        foreach (var call in calls.Take(2))
            (await EventsAsync(call, Count)).Select(read => (int)read.StreamRevision).Should().Equal(Enumerable.Range(0, Count));
        foreach (var call in calls) call.Dispose();
    }

    [Fact]
    public async Task Caught_up_is_said_once_and_after_all_that_was_there()
    {
        await AppendManyAsync("long", Requests.Events(5000));
        using var call = served.Call(EventStoreMethods.Read, Requests.FollowStream("long"));
        var kinds = new List<ReadResp.ContentOneofCase>();
        while (kinds.LastOrDefault() != ReadResp.ContentOneofCase.CaughtUp) kinds.Add((await call.NextAsync(ReadResp.Parser))!.ContentCase);
        kinds.Count.Should().Be(5002);

        await AppendManyAsync("long", Requests.Events(600));
        for (var i = 0; i < 600; i++) (await call.NextAsync(ReadResp.Parser))!.Event.Should().NotBeNull();
    }

    private static async Task<List<ReadResp.Types.ReadEvent.Types.RecordedEvent>> EventsAsync(RawCall call, int count)
    {
        var events = new List<ReadResp.Types.ReadEvent.Types.RecordedEvent>();
        while (events.Count < count)
            if ((await call.NextAsync(ReadResp.Parser))!.Event is { } read) events.Add(read.Event);
        return events;
    }

    private async Task AppendAsync(string stream, int count)
    {
        for (var i = 0; i < count; i++) await AppendManyAsync(stream, Requests.Events(1, from: i));
    }

    private async Task AppendManyAsync(string stream, NewEvent[] events) =>
        (await served.Log.AppendAsync(stream, ExpectedRevision.Any, events, default)).Should().BeOfType<AppendOutcome.Appended>();
}

/// <summary>What memory a test takes can be measured only while no other runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
