namespace EventSourcedStreams.Domain;

/// <summary>How far a handler had come, as it stands in the log.</summary>
internal sealed record RecordedCheckpoint(Revision Revision, LogPosition Position, EventId Id, ServiceEvent.EndingsHandled Handled)
{
    /// <summary>All endings up to here have been handled. Of a new handler: all that stood in the log before its first
    /// checkpoint.</summary>
    public LogPosition UpTo => Handled.UpTo ?? Position;
}
