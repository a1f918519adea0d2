namespace EventStore.Client;

/// <summary>Which node of a cluster to connect to, where there is a choice.</summary>
public enum NodePreference
{
    Leader,
    Follower,
    Random,
    ReadOnlyReplica,
}
