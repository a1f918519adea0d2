namespace EventSourcedStreams.Domain;

/// <remarks>What nodes tell each other, through the same log as the texts. Their appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    private const string AHeartbeat = "a heartbeat";

    /// <summary>One writer a node name: one that lost means that another process uses the name.</summary>
    public Task<AppendOutcome> AppendHeartbeatAsync(
        ServiceEvent.NodeHeartbeat heartbeat, Revision expected, AppendId id, CancellationToken ct) =>
        AppendNextAsync(prefix.Node(heartbeat.Run.Node), heartbeat, AHeartbeat, ByNode(heartbeat.Run), expected, id, isHeartbeat: true, ct);

    /// <summary>The node's last heartbeat, from the leader; null where there is none.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<RecordedHeartbeat?> ReadHeartbeatAsync(string node, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.NodeHeartbeat>(prefix.Node(node), AHeartbeat, ct) is var (last, heartbeat)
            ? new RecordedHeartbeat(Revision.From(last.Revision), last.Id, heartbeat)
            : null;

    /// <summary>Asks whichever node drives a stream to cancel it; every node follows these.</summary>
    public Task<AppendOutcome> AppendRequestAsync(
        ServiceEvent.StreamCancelRequested request, EventContext context, AppendId id, CancellationToken ct) =>
        AppendServiceAsync(prefix.Requests, ExpectedRevision.Any, request, context, id, ct);
}
