namespace EventSourcedStreams.Domain;

/// <summary>
/// How long a reader of the log has not taken in what this node has appended: the age of the oldest such event, by the
/// monotonic clock. It grows while the reader stands still, whatever it waits for.
/// </summary>
internal sealed class CheckpointLag(TimeProvider time)
{
    private readonly Lock gate = new();
    private (LogPosition Position, long At)? oldest;
    private (LogPosition Position, long At)? newest;
    private LogPosition taken;

    /// <summary>Zero: it has taken in all.</summary>
    public TimeSpan Value
    {
        get { lock (gate) return oldest is { } waits ? time.GetElapsedTime(waits.At) : TimeSpan.Zero; }
    }

    /// <param name="position">Where the event stands; the log's start: not known, which says nothing.</param>
    public void Written(LogPosition position)
    {
        lock (gate)
        {
            if (position <= taken) return;
            newest = (position, time.GetTimestamp());
            oldest ??= newest;
        }
    }

    /// <summary>All up to there has been taken in.</summary>
    public void Taken(LogPosition position)
    {
        lock (gate)
        {
            if (position > taken) taken = position;
            if (oldest is { } waits && waits.Position <= taken) oldest = newest is { } last && last.Position > taken ? last : null;
        }
    }
}
