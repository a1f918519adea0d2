using EventSourcedStreams.EventStoreProtocol.ServerFeatures;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What of EventStoreDB is not served, by the names of the recorded calls.</summary>
internal static class Unsupported
{
    private const string Persistent = "Persistent subscriptions are not served: an unknown service.";
    private const string Cluster = "Recorded against three nodes; what is served is one node, always the leader.";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["10-persistent/create-ok"] = Persistent,
        ["10-persistent/create-exists"] = Persistent,
        ["10-persistent/read-ack"] = Persistent,
        ["10-persistent/read-nack-retry"] = Persistent,
        ["10-persistent/read-max-subscribers"] = Persistent,
        ["10-persistent/read-held"] = Persistent,
        ["10-persistent/read-missing-group"] = Persistent,
        ["10-persistent/get-info"] = Persistent,
        ["10-persistent/list"] = Persistent,
        ["10-persistent/replay-parked"] = Persistent,
        ["10-persistent/delete-ok"] = Persistent,
        ["10-persistent/delete-missing"] = Persistent,
        ["11-cluster/append-leader"] = Cluster,
        ["11-cluster/append-follower-requires-leader"] = Cluster,
        ["11-cluster/append-follower-forwarded"] = Cluster,
        ["11-cluster/append-follower-forwarded-conflict"] = Cluster,
        ["11-cluster/batch-follower-requires-leader"] = Cluster,
        ["11-cluster/read-follower"] = Cluster,
        ["11-cluster/read-follower-requires-leader"] = Cluster,
        ["11-cluster/subscribe-follower-requires-leader"] = Cluster,
        ["11-cluster/read-all-follower-requires-leader"] = Cluster,
        ["11-cluster/delete-follower-requires-leader"] = Cluster,
        ["11-cluster/gossip-follower"] = Cluster,
        ["11-cluster/server-features-follower"] = Cluster,
    };

    private static readonly string[] Served = ["streams.streams", "gossip.gossip", "server_features.serverfeatures"];

    /// <summary>The methods of the services that there are here; the others are persistent subscriptions, users,
    /// operations and the like.</summary>
    public static SupportedMethods OnlyServed(SupportedMethods all) => new()
    {
        EventStoreServerVersion = all.EventStoreServerVersion,
        Methods = { all.Methods.Where(method => Served.Any(service => method.ServiceName == $"event_store.client.{service}")) },
    };
}
