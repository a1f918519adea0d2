using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What the server says of itself: a cluster of one, and what of EventStoreDB's methods it has.</summary>
internal sealed class NodeDescription(TimeProvider time, string address, Func<int> port)
{
    /// <summary>The server whose behaviour this one follows; some clients choose by it what they use.</summary>
    private const string Version = "23.10.6";

    private readonly Guid instance = Guid.NewGuid();

    public ClusterInfo Cluster() => new()
    {
        Members =
        {
            new MemberInfo
            {
                InstanceId = Uuids.Write(instance, structured: true),
                TimeStamp = time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks,
                State = MemberInfo.Types.VNodeState.Leader,
                IsAlive = true,
                HttpEndPoint = new EndPoint { Address = address, Port = (uint)port() },
            },
        },
    };

    public static SupportedMethods Methods() => new()
    {
        Methods =
        {
            Method(EventStoreMethods.Read.Service, EventStoreMethods.Read.Name, "position", "events"),
            Method(EventStoreMethods.Append.Service, EventStoreMethods.Append.Name),
            Method(EventStoreMethods.Delete.Service, EventStoreMethods.Delete.Name),
            Method(EventStoreMethods.Tombstone.Service, EventStoreMethods.Tombstone.Name),
            Method(EventStoreMethods.BatchAppend.Service, EventStoreMethods.BatchAppend.Name, "deadline_duration"),
            Method(EventStoreMethods.Gossip.Service, EventStoreMethods.Gossip.Name),
            Method(EventStoreMethods.SupportedMethods.Service, EventStoreMethods.SupportedMethods.Name),
        },
        EventStoreServerVersion = Version,
    };

#pragma warning disable CA1308 // The wire has these names in lower case.
    private static SupportedMethod Method(string service, string name, params string[] features) => new()
    {
        ServiceName = service.ToLowerInvariant(),
        MethodName = name.ToLowerInvariant(),
        Features = { features },
    };
#pragma warning restore CA1308
}
