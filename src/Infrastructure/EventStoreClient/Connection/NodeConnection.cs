using EventSourcedStreams.EventStoreProtocol.ServerFeatures;

namespace EventStore.Client;

/// <summary>The node that calls go to, and what it can do.</summary>
/// <param name="BatchAppend">Many appends on one call.</param>
/// <param name="DeadlineDuration">An append's deadline can be a time from now; a point in time supposes equal
/// clocks.</param>
internal sealed record NodeConnection(NodeChannel Channel, bool BatchAppend, bool DeadlineDuration)
{
    /// <param name="methods">Null where the server has no such method: 20.x.</param>
    public static NodeConnection Of(NodeChannel channel, SupportedMethods? methods)
    {
        var batch = methods?.Methods.FirstOrDefault(
            method => method is { ServiceName: "event_store.client.streams.streams", MethodName: "batchappend" });
        return new NodeConnection(channel, batch is not null, batch?.Features.Contains("deadline_duration") == true);
    }
}
