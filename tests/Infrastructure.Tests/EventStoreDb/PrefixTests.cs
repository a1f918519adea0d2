using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>Several users of one store, told apart by their prefixes.</summary>
public sealed class PrefixTests(EventStoreUnderTest store) : IClassFixture<EventStoreUnderTest>
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Two_prefixes_on_one_store_do_not_see_each_other()
    {
        var stem = $"p{Guid.NewGuid():N}";
        await using var oneStore = await store.OpenAsync(StreamPrefix.Parse($"{stem}-"));
        await using var otherStore = await store.OpenAsync(StreamPrefix.Parse($"{stem}x-"));
        var (one, other) = (await LogAsync(oneStore, $"{stem}-"), await LogAsync(otherStore, $"{stem}x-"));
        one.LogId.Should().NotBe(other.LogId);
        var (ones, others) = (new Texts(new StreamId("a"), time.GetUtcNow()), new Texts(new StreamId("a"), time.GetUtcNow()));
        await using var feed = one.FollowAllAsync(LogPosition.Start, default).GetAsyncEnumerator();

        await others.AppendedAsync(other, others.Created, others.Started);
        await ones.AppendedAsync(one, ones.Created);
        await others.AppendedAsync(other, others.Completed);
        await other.TombstoneAsync(others.Id, new Deletion("carol", time.GetUtcNow(), others.Head), default);
        await ones.AppendedAsync(one, ones.Started);

        var seen = new List<FeedItem>();
        while (seen.Count < 2)
            if ((await feed.TakeAsync(1))[0] is var item and not FeedItem.CaughtUp) seen.Add(item);
        seen.Select(item => item.Should().BeOfType<FeedItem.Recorded>().Which.Event.Event).Should().Equal(ones.Created, ones.Started);
        (await one.ReadLastAsync(ones.Id, default))!.Event.Should().Be(ones.Started);
        (await other.ReadHeartbeatAsync("node-a", default)).Should().BeNull();
    }

    private async Task<StreamLog> LogAsync(EventStoreDbStore bytes, string prefix) =>
        await StreamLog.OpenAsync(bytes, StreamPrefix.Parse(prefix), Guid.NewGuid, time, Texts.Node, default);
}
