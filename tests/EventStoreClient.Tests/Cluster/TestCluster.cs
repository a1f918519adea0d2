using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Faults;
using EventStore.Client.Tests.Stub;
using State = EventSourcedStreams.EventStoreProtocol.Gossip.MemberInfo.Types.VNodeState;

namespace EventStore.Client.Tests.Cluster;

/// <summary>Nodes that know each other, each behind a proxy that can go down. Only the leader takes appends.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<(StubServer Server, TcpProxy Proxy)> nodes = [];

    public IReadOnlyList<(StubServer Server, TcpProxy Proxy)> Nodes => nodes;

    /// <summary>As the nodes tell it, one for each.</summary>
    public State[] States { get; set; } = [];

    public bool[] Alive { get; set; } = [];

    public string Seeds => string.Join(',', nodes.Select(node => $"127.0.0.1:{node.Proxy.Port}"));

    public static async Task<TestCluster> StartAsync(params State[] states)
    {
        var cluster = new TestCluster { States = states, Alive = [.. states.Select(_ => true)] };
        foreach (var _ in states)
        {
            var index = cluster.nodes.Count;
            var server = (await StubServer.StartAsync()).WithEcho().WithGossip(cluster.Gossip);
            server.On(StubServer.Streams + "BatchAppend", async call =>
            {
                while (await call.ReadAsync(BatchAppendReq.Parser) is { } request && cluster.States[index] == State.Leader)
                    await call.WriteAsync(EchoServer.Answer(request));
                if (cluster.States[index] != State.Leader) cluster.NotLeader(call);
            });
            cluster.nodes.Add((server, TcpProxy.To(server.Port)));
        }

        return cluster;
    }

    public EventStoreClient Client(string settings = "", string? seeds = null) =>
        Patient.Client($"esdb+discover://{seeds ?? Seeds}?tls=false&discoveryInterval=20{settings}");

    public int Leader => Array.IndexOf(States, State.Leader);

    /// <summary>The nodes that calls of a method went to.</summary>
    public int[] Called(string path) => [.. nodes.Select((node, index) => (node, index)).Where(one => one.node.Server.CallsTo(path).Any()).Select(one => one.index)];

    public ClusterInfo Gossip() => new()
    {
        Members =
        {
            nodes.Select((node, index) => new MemberInfo
            {
                InstanceId = Uuid.FromGuid(Guid.NewGuid()).ToWire(),
                State = States[index],
                IsAlive = Alive[index],
                HttpEndPoint = new EndPoint { Address = "127.0.0.1", Port = (uint)node.Proxy.Port },
            }),
        },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, proxy) in nodes)
        {
            await proxy.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private void NotLeader(StubCall call) => call.End(
        5,
        "Leader info available",
        ("exception", "not-leader"),
        ("leader-endpoint-host", "127.0.0.1"),
        ("leader-endpoint-port", $"{nodes[Leader].Proxy.Port}"));
}
