
namespace EventSourcedStreams.Domain;

/// <remarks>What nodes tell each other.</remarks>
public sealed partial class StreamLog
{
    public Task<AppendResult> AppendHeartbeatAsync(
        ServiceEvent.NodeHeartbeat heartbeat, Revision expected, AppendId id, CancellationToken ct) =>
        AppendServiceAsync(
            prefix.Node(heartbeat.Run.Node), ExpectedRevision.Exactly(expected), heartbeat, ByNode(heartbeat.Run), id, ct);

    public async Task<RecordedHeartbeat?> ReadHeartbeatAsync(string node, CancellationToken ct)
    {
        var read = await ReadAsync(prefix.Node(node), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        if (read is not StoreRead.Page { Events: [var last] }) return null;

        return ServiceCodec.Decode(last).Event is ServiceEvent.NodeHeartbeat heartbeat
            ? new RecordedHeartbeat(Revision.From(last.Revision), last.Id, heartbeat)
            : throw new LogDamagedException(last.Stream, last.Revision, "It is not a heartbeat.");
    }

    public Task<AppendResult> AppendRequestAsync(
        ServiceEvent.StreamCancelRequested request, EventContext context, AppendId id, CancellationToken ct) =>
        AppendServiceAsync(prefix.Requests, ExpectedRevision.Any, request, context, id, ct);

    /// <summary>What a node says of itself, nobody asked for.</summary>
    private static EventContext ByNode(NodeRun node) => new(node, Epoch: 0, EventContext.Anonymous);

    private Task<AppendResult> AppendServiceAsync(
        string stream, ExpectedRevision expected, ServiceEvent @event, EventContext context, AppendId id, CancellationToken ct) =>
        AppendAsync(
            stream,
            expected,
            [ServiceCodec.Encode(@event, id.EventAt(0), context)],
            appended => new StreamHead(Revision.From(appended.Last), ChainHash.Origin),
            ct);
}
