using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using Grpc.Core;
using Gossip = EventSourcedStreams.EventStoreProtocol.Gossip.Gossip;
using ServerFeatures = EventSourcedStreams.EventStoreProtocol.ServerFeatures.ServerFeatures;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>The members of the cluster: this server alone.</summary>
internal sealed class GossipService(NodeDescription node) : Gossip.GossipBase
{
    public override Task<ClusterInfo> Read(Empty request, ServerCallContext context) => Task.FromResult(node.Cluster());
}

/// <summary>Which methods are served.</summary>
internal sealed class ServerFeaturesService : ServerFeatures.ServerFeaturesBase
{
    public override Task<SupportedMethods> GetSupportedMethods(Empty request, ServerCallContext context) =>
        Task.FromResult(NodeDescription.Methods());
}
