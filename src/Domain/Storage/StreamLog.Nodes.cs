namespace EventSourcedStreams.Domain;

/// <remarks>What nodes tell each other, through the same log as the texts. Their appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>One writer a node name: one that lost means that another process uses the name.</summary>
    public async Task<AppendOutcome> AppendHeartbeatAsync(
        ServiceEvent.NodeHeartbeat heartbeat, Revision expected, AppendId id, CancellationToken ct)
    {
        var stream = prefix.Node(heartbeat.Run.Node);
        var outcome = await AppendServiceAsync(stream, ExpectedRevision.Exactly(expected), heartbeat, ByNode(heartbeat.Run), id, ct);
        return await ExplainAsync<ServiceEvent.NodeHeartbeat>(outcome, stream, "a heartbeat", expected, id, ct);
    }

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
}
