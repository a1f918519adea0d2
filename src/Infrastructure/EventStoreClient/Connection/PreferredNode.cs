using EventSourcedStreams.EventStoreProtocol.Gossip;
using State = EventSourcedStreams.EventStoreProtocol.Gossip.MemberInfo.Types.VNodeState;

namespace EventStore.Client;

/// <summary>Chooses among the members of a cluster.</summary>
internal static class PreferredNode
{
    /// <summary>A member that is alive, takes calls and stands first in the preference, by lot among equals; null for
    /// none.</summary>
    public static MemberInfo? Of(ClusterInfo cluster, NodePreference preference)
    {
        var members = cluster.Members.Where(member => member.IsAlive && TakesCalls(member.State)).ToArray();
        Random.Shared.Shuffle(members);
        return members.MinBy(member => Rank(member.State, preference));
    }

    private static bool TakesCalls(State state) =>
        state is State.Leader or State.Follower or State.ReadOnlyReplica or State.ReadOnlyLeaderless;

    private static int Rank(State state, NodePreference preference) => (preference, state) switch
    {
        (NodePreference.Random, _) => 0,
        (NodePreference.Leader, State.Leader) => 0,
        (NodePreference.Leader, State.Follower) => 1,
        (NodePreference.Follower, State.Follower) => 0,
        (NodePreference.Follower, State.Leader) => 1,
        (NodePreference.ReadOnlyReplica, State.ReadOnlyReplica) => 0,
        (NodePreference.ReadOnlyReplica, State.ReadOnlyLeaderless) => 1,
        (NodePreference.ReadOnlyReplica, State.Leader) => 2,
        (NodePreference.ReadOnlyReplica, State.Follower) => 3,
        (_, State.ReadOnlyReplica) => 4,
        _ => 5,
    };
}
