using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using Google.Protobuf.Reflection;
using Gossip = EventSourcedStreams.EventStoreProtocol.Gossip.Gossip;
using ServerFeatures = EventSourcedStreams.EventStoreProtocol.ServerFeatures.ServerFeatures;
using Streams = EventSourcedStreams.EventStoreProtocol.Streams.Streams;

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
            Methods(Streams.Descriptor),
            Methods(Gossip.Descriptor),
            Methods(ServerFeatures.Descriptor),
        },
        EventStoreServerVersion = Version,
    };

#pragma warning disable CA1308 // The wire has these names in lower case.
    private static IEnumerable<SupportedMethod> Methods(ServiceDescriptor service) => service.Methods.Select(method => new SupportedMethod
    {
        ServiceName = service.FullName.ToLowerInvariant(),
        MethodName = method.Name.ToLowerInvariant(),
        Features = { Features(method.FullName) },
    });
#pragma warning restore CA1308

    private static string[] Features(string method) => method switch
    {
        "event_store.client.streams.Streams.Read" => ["position", "events"],
        "event_store.client.streams.Streams.BatchAppend" => ["deadline_duration"],
        _ => [],
    };
}
