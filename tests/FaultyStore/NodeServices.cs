using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using Grpc.Core;
using Gossip = EventSourcedStreams.EventStoreProtocol.Gossip.Gossip;
using ServerFeatures = EventSourcedStreams.EventStoreProtocol.ServerFeatures.ServerFeatures;

namespace EventSourcedStreams.FaultyStore;

internal sealed class NodeGossip(FaultyCluster cluster) : Gossip.GossipBase
{
    public override Task<ClusterInfo> Read(Empty request, ServerCallContext context) => Task.FromResult(cluster.Gossip());
}

internal sealed class NodeFeatures(ServerFeatures.ServerFeaturesClient served) : ServerFeatures.ServerFeaturesBase
{
    public override async Task<SupportedMethods> GetSupportedMethods(Empty request, ServerCallContext context) =>
        await served.GetSupportedMethodsAsync(request, cancellationToken: context.CancellationToken);
}
