using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;
using static EventSourcedStreams.Infrastructure.Tests.EventStoreDb.FaultyStoreFixture;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>What a subscription leaves out is read; what a lagging node does not have yet is waited for.</summary>
public sealed class LaggingNodeTests : IAsyncLifetime
{
    private const string Stream = "text-a";

    private FaultyStoreFixture store = null!;
    private EventStoreDbStore log = null!;

    public async Task InitializeAsync()
    {
        store = await StartAsync();
        log = await store.OpenAsync(StoreUnderTest.Patient(store.Options("&nodePreference=follower")));
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task An_event_that_a_subscription_leaves_out_is_read_before_the_next_one()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("0"));
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        await follower.TakeAsync(1);
        foreach (var node in store.Cluster.Nodes) node.LeavesOut = (_, revision) => revision is 1 or 2;

        await log.AppendedAsync(Stream, After(0), Events(4));

        (await follower.TakeAsync(4)).Select(e => e.Revision).Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public async Task The_last_event_is_not_missed_by_a_subscription_that_goes_live_as_it_is_written()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        foreach (var node in store.Cluster.Nodes) node.LeavesOut = (_, revision) => revision == 2;
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();

        (await follower.TakeAsync(3)).Select(e => e.Revision).Should().Equal(0, 1, 2);
    }

    [Fact]
    public async Task Our_own_append_is_read_at_once_and_followed_when_the_node_has_it()
    {
        foreach (var node in store.Cluster.Followers) node.StopReplicating();
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        var first = follower.MoveNextAsync().AsTask();
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));

        (await log.ReadAllAsync(Stream)).Should().ContainSingle();
        (await log.ReadAsync(Stream, 0, forward: true, 10, ReadFrom.Anywhere, default)).Should().BeOfType<StoreRead.Missing>("the node has not heard of it");
        first.IsCompleted.Should().BeFalse();

        foreach (var node in store.Cluster.Followers) node.Replicate();
        (await first.WaitAsync(Eventually.Limit)).Should().BeTrue();
        follower.Current.Text().Should().Be("a");
    }
}
