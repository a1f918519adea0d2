namespace EventSourcedStreams.Domain;

/// <remarks>What nodes tell each other, through the same log as the texts. Their appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>One writer a node name: one that lost means that another process uses the name.</summary>
    public Task<AppendOutcome> AppendHeartbeatAsync(
        ServiceEvent.NodeHeartbeat heartbeat, Revision expected, AppendId id, CancellationToken ct) =>
        AppendServiceAsync(
            prefix.Node(heartbeat.Run.Node), ExpectedRevision.Exactly(expected), heartbeat, ByNode(heartbeat.Run), id, ct);

    /// <summary>The node's last heartbeat, from the leader; null where there is none.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<RecordedHeartbeat?> ReadHeartbeatAsync(string node, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.NodeHeartbeat>(prefix.Node(node), "a heartbeat", ct) is var (last, heartbeat)
            ? new RecordedHeartbeat(Revision.From(last.Revision), last.Id, heartbeat)
            : null;

    /// <summary>Asks whichever node drives a stream to cancel it; every node follows these.</summary>
    public Task<AppendOutcome> AppendRequestAsync(
        ServiceEvent.StreamCancelRequested request, EventContext context, AppendId id, CancellationToken ct) =>
        AppendServiceAsync(prefix.Requests, ExpectedRevision.Any, request, context, id, ct);

    /// <summary>The last event of a stream of the server's own, from the leader; null where there is none.</summary>
    /// <param name="what">That it has to be.</param>
    private async Task<(StoredEvent Last, TEvent Event)?> ReadLastAsync<TEvent>(string stream, string what, CancellationToken ct)
        where TEvent : ServiceEvent
    {
        var read = await ReadAsync(stream, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        if (read is not StoreRead.Page { Events: [var last] }) return null;
        return ServiceCodec.Decode(last).Event is TEvent @event
            ? (last, @event)
            : throw new LogDamagedException(last.Stream, last.Revision, $"It is not {what}.");
    }

    /// <summary>What a node says of itself, without being asked.</summary>
    private static EventContext ByNode(NodeRun node) => new(node, Epoch: 0, EventContext.Anonymous);

    private Task<AppendOutcome> AppendServiceAsync(
        string stream, ExpectedRevision expected, ServiceEvent @event, EventContext context, AppendId id, CancellationToken ct) =>
        SendAsync(stream, expected, [ServiceCodec.Encode(@event, id.EventAt(0), context)], ct);
}
