namespace EventSourcedStreams.Domain;

/// <summary>What nodes tell each other, through the same log as the texts.</summary>
public interface INodeLog
{
    /// <summary>One writer a node name: a conflict means that another process uses the name.</summary>
    Task<AppendResult> AppendHeartbeatAsync(
        ServiceEvent.NodeHeartbeat heartbeat, Revision expected, AppendId id, CancellationToken ct);

    /// <summary>The node's last heartbeat, from the leader; null where there is none.</summary>
    /// <exception cref="LogUnavailableException"></exception>
    Task<RecordedHeartbeat?> ReadHeartbeatAsync(string node, CancellationToken ct);

    /// <summary>Asks whichever node drives a stream to cancel it; every node follows these.</summary>
    Task<AppendResult> AppendRequestAsync(
        ServiceEvent.StreamCancelRequested request, EventContext context, AppendId id, CancellationToken ct);
}
