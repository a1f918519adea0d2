using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using Grpc.Core;
using Gossip = EventSourcedStreams.EventStoreProtocol.Gossip.Gossip;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>The members of the cluster: this server alone.</summary>
internal sealed class GossipService(NodeDescription node) : Gossip.GossipBase
{
    public override Task<ClusterInfo> Read(Empty request, ServerCallContext context) => Task.FromResult(node.Cluster());
}
