using EventSourcedStreams.EventStoreProtocol.Gossip;
using State = EventSourcedStreams.EventStoreProtocol.Gossip.MemberInfo.Types.VNodeState;

namespace EventSourcedStreams.FaultyStore;

/// <summary>
/// Nodes of one cluster, each a proxy before the same served log. One of them leads, and only it takes what requires a
/// leader. Each node fails by itself; elections are the test's.
/// </summary>
public sealed class FaultyCluster : IAsyncDisposable
{
    private readonly List<FaultyNode> nodes = [];
    private volatile FaultyNode leader = null!;

    /// <param name="port">Of the served log, on loopback.</param>
    public static async Task<FaultyCluster> StartAsync(int port, int nodes = 3)
    {
        var cluster = new FaultyCluster();
        for (var i = 0; i < nodes; i++) cluster.nodes.Add(await FaultyNode.StartAsync(cluster, port));
        cluster.leader = cluster.nodes[0];
        return cluster;
    }

    public IReadOnlyList<FaultyNode> Nodes => nodes;

    public FaultyNode Leader => leader;

    public IEnumerable<FaultyNode> Followers => nodes.Where(node => node != leader);

    /// <summary>Of all nodes, the first one first.</summary>
    public string ConnectionString => $"esdb://{string.Join(',', nodes.Select(node => $"127.0.0.1:{node.Port}"))}?tls=false";

    /// <summary>From now on this one leads, and the nodes that hang are known to be dead.</summary>
    public void Elect(FaultyNode next)
    {
        foreach (var node in nodes) node.IsKnownDead = node.Hangs;
        leader = next;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
    }

    internal ClusterInfo Gossip() => new()
    {
        Members =
        {
            nodes.Select(node => new MemberInfo
            {
                State = node == leader ? State.Leader : State.Follower,
                IsAlive = !node.IsKnownDead,
                HttpEndPoint = new EndPoint { Address = "127.0.0.1", Port = (uint)node.Port },
                InstanceId = new EventStoreProtocol.UUID { String = node.Id.ToString() },
            }),
        },
    };
}
