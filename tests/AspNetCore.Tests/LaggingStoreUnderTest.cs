using EventSourcedStreams.FaultyStore;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>Three nodes, of which those that are followed and read from lag behind the leader:
/// <c>nodePreference=follower</c>. A real cluster where one is named.</summary>
public sealed class LaggingStoreUnderTest : StoreUnderTest, IAsyncLifetime
{
    private FaultyCluster? cluster;

    public override string ConnectionString => (Real ?? cluster!.ConnectionString) + "&nodePreference=follower";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        if (Real is not null) return;
        cluster = await FaultyCluster.StartAsync(Port);
        foreach (var node in cluster.Followers) node.Lag = TimeSpan.FromMilliseconds(200);
    }

    public override async Task DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
