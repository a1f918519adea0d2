namespace EventSourcedStreams.Domain;

/// <summary>An event as it stands in the log.</summary>
internal sealed record RecordedEvent(
    StreamId Stream, Revision Revision, LogPosition Position, EventId Id, StreamEvent Event, EventContext Context, ChainHash Hash)
{
    public StreamHead Head => new(Revision, Hash);

    /// <summary>Whether it is the first half of a deletion: a running stream was ended in order to be deleted. Its
    /// causation tells it; the words do where a node of an older version wrote it.</summary>
    public bool IsForDeletion => Event is StreamEvent.StreamCancelled cancelled
        && (Context.CausationId is not null || cancelled.Reason == StreamEvent.StreamCancelled.ForDeletion);
}

/// <summary>A node's last word.</summary>
internal sealed record RecordedHeartbeat(Revision Revision, EventId Id, ServiceEvent.NodeHeartbeat Heartbeat);
