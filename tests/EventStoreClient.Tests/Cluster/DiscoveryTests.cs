using System.Net;
using System.Net.Sockets;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Faults;
using EventStore.Client.Tests.Stub;
using Grpc.Core;
using State = EventSourcedStreams.EventStoreProtocol.Gossip.MemberInfo.Types.VNodeState;

namespace EventStore.Client.Tests.Cluster;

public sealed class DiscoveryTests
{
    private const string Batch = StubServer.Streams + "BatchAppend";
    private const string Read = StubServer.Streams + "Read";

    [Theory]
    [InlineData("leader", nameof(State.Leader), "true")]
    [InlineData("follower", nameof(State.Follower), "false")]
    [InlineData("readOnlyReplica", nameof(State.ReadOnlyReplica), "false")]
    public async Task The_preferred_node_is_chosen_among_those_that_take_calls(string preference, string state, string requiresLeader)
    {
        await using var cluster = await TestCluster.StartAsync(
            State.CatchingUp, State.Follower, State.Leader, State.ReadOnlyReplica, State.Leader, State.Follower, State.ReadOnlyReplica);
        // The last three are said to be dead.
        cluster.Alive = [true, true, true, true, false, false, false];
        await using var client = cluster.Client($"&nodePreference={preference}");

        (await CountAsync(client)).Should().Be(EchoServer.Events);

        var called = cluster.Called(Read).Should().ContainSingle().Which;
        called.Should().BeLessThan(4);
        cluster.States[called].Should().Be(Enum.Parse<State>(state));
        cluster.Nodes[called].Server.CallsTo(Read).Single().Headers["requires-leader"].Should().Be(requiresLeader);
    }

    [Fact]
    public async Task A_random_node_is_any_that_takes_calls()
    {
        await using var cluster = await TestCluster.StartAsync(State.Leader, State.Follower, State.Shutdown);

        for (var clients = 0; clients < 100 && cluster.Called(Read).Length < 2; clients++)
        {
            await using var client = cluster.Client("&nodePreference=random");
            await CountAsync(client);
        }

        cluster.Called(Read).Should().Equal(0, 1);
    }

    [Fact]
    public async Task Seeds_that_are_dead_or_no_nodes_at_all_are_passed_over()
    {
        await using var cluster = await TestCluster.StartAsync(State.Follower, State.Leader);
        await using var other = await StubServer.StartAsync();
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var dead = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var client = cluster.Client(seeds: $"127.0.0.1:{dead},127.0.0.1:{other.Port},127.0.0.1:{cluster.Nodes[0].Proxy.Port}");

        (await client.AppendToStreamAsync("s-4", StreamState.Any, EchoServer.OneEvent)).NextExpectedStreamRevision.Should().Be(new StreamRevision(4));

        cluster.Called(Batch).Should().Equal(1);
    }

    [Fact]
    public async Task Nobody_to_be_found_is_said_after_all_attempts()
    {
        await using var cluster = await TestCluster.StartAsync(State.Unknown, State.PreReplica);
        await using var client = cluster.Client("&maxDiscoverAttempts=3");

        var append = () => client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        (await append.Should().ThrowAsync<DiscoveryException>()).WithMessage("*3 attempts*");
        cluster.Nodes.Sum(node => node.Server.CallsTo(StubServer.Gossip).Count()).Should().Be(6);

        cluster.States = [State.Follower, State.Leader];
        (await client.AppendToStreamAsync("s-2", StreamState.Any, EchoServer.OneEvent)).NextExpectedStreamRevision.Should().Be(new StreamRevision(2));
    }

    [Fact]
    public async Task An_election_is_waited_for()
    {
        await using var cluster = await TestCluster.StartAsync(State.Unknown, State.Unknown);
        await using var client = cluster.Client("&maxDiscoverAttempts=1000");
        var append = client.AppendToStreamAsync("s-3", StreamState.Any, EchoServer.OneEvent);
        await EventSourcedStreams.TestKit.Eventually.UntilAsync(
            "it asked three times", () => cluster.Nodes[0].Server.CallsTo(StubServer.Gossip).Count() >= 3);

        cluster.States = [State.Leader, State.Follower];

        (await append).NextExpectedStreamRevision.Should().Be(new StreamRevision(3));
        cluster.Called(Batch).Should().Equal(0);
    }

    [Fact]
    public async Task When_another_node_leads_the_open_append_hears_it_and_the_next_goes_there()
    {
        await using var cluster = await TestCluster.StartAsync(State.Leader, State.Follower, State.Follower);
        await using var client = cluster.Client();
        await client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        cluster.States = [State.Follower, State.Follower, State.Leader];
        // The old leader ends what it had as a leader.
        cluster.Nodes[0].Proxy.Close();
        cluster.Nodes[0].Server.WithGossip(() => throw new IOException("It is busy."));
        var moved = 0;
        for (ulong number = 2; moved < 3; number++)
        {
            var append = () => client.AppendToStreamAsync($"s-{number}", StreamState.Any, EchoServer.OneEvent);
            try
            {
                (await append()).NextExpectedStreamRevision.ToUInt64().Should().Be(number);
                moved++;
            }
            catch (Exception e) when (e is RpcException { StatusCode: StatusCode.Unavailable } or NotLeaderException)
            {
                number.Should().BeLessThan(20, "it settles");
            }
        }

        cluster.Called(Batch).Should().Contain(2);
    }

    [Fact]
    public async Task A_follower_that_names_the_leader_is_left_for_it_without_asking_around()
    {
        await using var cluster = await TestCluster.StartAsync(State.Follower, State.Leader);
        // Gossip is behind: it still has the first for the leader.
        cluster.Nodes[0].Server.WithGossip(() => Swapped(cluster));
        cluster.Nodes[1].Server.WithGossip(() => Swapped(cluster));
        await using var client = cluster.Client();

        var append = () => client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        (await append.Should().ThrowAsync<NotLeaderException>()).Which.LeaderEndpoint.Port.Should().Be(cluster.Nodes[1].Proxy.Port);
        var asked = cluster.Nodes.Sum(node => node.Server.CallsTo(StubServer.Gossip).Count());
        (await append()).NextExpectedStreamRevision.Should().Be(new StreamRevision(1));
        cluster.Nodes.Sum(node => node.Server.CallsTo(StubServer.Gossip).Count()).Should().Be(asked);
    }

    [Fact]
    public async Task One_node_by_address_leads_to_the_leader_it_names()
    {
        await using var cluster = await TestCluster.StartAsync(State.Follower, State.Leader);
        await using var client = Patient.Client($"esdb://127.0.0.1:{cluster.Nodes[0].Proxy.Port}?tls=false");

        var append = () => client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        await append.Should().ThrowAsync<NotLeaderException>();
        (await append()).NextExpectedStreamRevision.Should().Be(new StreamRevision(1));
        cluster.Called(Batch).Should().Equal(0, 1);
    }

    [Fact]
    public async Task A_call_older_than_the_connection_still_tells_where_the_leader_is()
    {
        await using var cluster = await TestCluster.StartAsync(State.Leader, State.Follower);
        await using var client = cluster.Client();
        var append = () => client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);
        await append();
        cluster.Nodes[0].Server.On(Read, call =>
        {
            call.End(14, "Server is too busy.");
            return Task.CompletedTask;
        });
        await client.Awaiting(CountAsync).Should().ThrowAsync<RpcException>();
        // Over a new connection to the same node, and the same call of appends.
        await append();
        cluster.Nodes[0].Server.CallsTo(Batch).Should().ContainSingle();

        cluster.States = [State.Follower, State.Leader];

        await append.Should().ThrowAsync<NotLeaderException>();
        (await append()).NextExpectedStreamRevision.Should().Be(new StreamRevision(1));
        cluster.Called(Batch).Should().Equal(0, 1);
    }

    [Fact]
    public async Task A_dead_leader_is_looked_for_until_there_is_a_new_one()
    {
        await using var cluster = await TestCluster.StartAsync(State.Leader, State.Follower, State.Follower);
        await using var client = cluster.Client("&maxDiscoverAttempts=1000");
        await client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        await cluster.Nodes[0].Proxy.RefuseAsync();
        cluster.Nodes[0].Proxy.Close(reset: true);
        var open = () => client.AppendToStreamAsync("s-2", StreamState.Any, EchoServer.OneEvent, deadline: Eventually.Limit);
        // No node has noticed yet; the next attempt waits until the others have.
        var append = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    return await open();
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    // The one that ran into the loss.
                }
            }
        });
        await EventSourcedStreams.TestKit.Eventually.UntilAsync(
            "it asked the others", () => cluster.Nodes.Sum(node => node.Server.CallsTo(StubServer.Gossip).Count()) > 3);
        (cluster.States, cluster.Alive) = ([State.Leader, State.Follower, State.Leader], [false, true, true]);

        (await append.WaitAsync(Eventually.Limit)).NextExpectedStreamRevision.Should().Be(new StreamRevision(2));
        cluster.Called(Batch).Should().Contain(2);
    }

    private static EventSourcedStreams.EventStoreProtocol.Gossip.ClusterInfo Swapped(TestCluster cluster)
    {
        var gossip = cluster.Gossip();
        (gossip.Members[0].State, gossip.Members[1].State) = (State.Leader, State.Follower);
        return gossip;
    }

    private static async Task<int> CountAsync(EventStoreClient client) =>
        await client.ReadStreamAsync(Direction.Forwards, "s-1", StreamPosition.Start).Messages.CountEventsAsync();
}
