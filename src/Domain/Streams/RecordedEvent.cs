namespace EventSourcedStreams.Domain;

/// <summary>An event as it stands in the log.</summary>
internal sealed record RecordedEvent(
    StreamId Stream, Revision Revision, LogPosition Position, EventId Id, StreamEvent Event, EventContext Context, ChainHash Hash)
{
    public StreamHead Head => new(Revision, Hash);
}

/// <summary>A node's last word.</summary>
internal sealed record RecordedHeartbeat(Revision Revision, EventId Id, ServiceEvent.NodeHeartbeat Heartbeat);
