namespace EventSourcedStreams.Domain;

/// <summary>
/// The log that all truth stands in. A revision numbers a stream's events from 0; what is read of a text has been checked:
/// revisions without gap and the hash chain.
/// </summary>
/// <remarks>
/// Reads throw <see cref="StreamGoneException"/> for a deleted stream, <see cref="LogDamagedException"/> for what cannot be right, and
/// <see cref="LogUnavailableException"/> while the log cannot be reached. A stream that never was reads as empty.
/// </remarks>
public interface IEventLog
{
    /// <summary>The log's identity (<c>LogNamed</c>): another one means another log, whatever its address.</summary>
    string LogId { get; }

    /// <summary>
    /// One atomic batch. The outcome is a value; cancelling only stops waiting, the append may still be written:
    /// what was cancelled is as good as <see cref="AppendResult.Unknown"/>.
    /// </summary>
    Task<AppendResult> AppendAsync(Append append, CancellationToken ct);

    /// <summary>The events after a revision, in order, up to the end as it is when that is reached.</summary>
    IAsyncEnumerable<RecordedEvent> ReadAsync(StreamId stream, Revision after, ReadFrom from, CancellationToken ct);

    /// <summary>The events after one that was read before; that one has to stand there still.</summary>
    /// <exception cref="HeadNotFoundException">It does not, where this reads.</exception>
    IAsyncEnumerable<RecordedEvent> ReadAsync(StreamId stream, StreamHead after, ReadFrom from, CancellationToken ct);

    /// <summary>One event, at the cost of one; null where there is none.</summary>
    Task<RecordedEvent?> ReadOneAsync(StreamId stream, Revision revision, ReadFrom from, CancellationToken ct);

    /// <summary>A stream's last event as the leader has it, its hash unchecked; null for a stream that never was.</summary>
    Task<RecordedEvent?> ReadLastAsync(StreamId stream, CancellationToken ct);

    /// <summary>The events after a revision, first those that are there, then each as it is committed, until cancelled. It waits for
    /// a stream that is not there yet.</summary>
    IAsyncEnumerable<RecordedEvent> FollowAsync(StreamId stream, Revision after, CancellationToken ct);

    /// <summary>Everything of ours after a position, in the log's order, until cancelled; at least once.</summary>
    IAsyncEnumerable<FeedItem> FollowAllAsync(LogPosition after, FeedScope scope, CancellationToken ct);

    /// <summary>The id of the event at a position; null where none of ours stands. Proves that a stored position is of this log.</summary>
    Task<EventId?> FindAsync(LogPosition position, CancellationToken ct);

    /// <summary>Removes a stream for ever and leaves a tombstone. Again is success.</summary>
    /// <exception cref="LogUnavailableException">Whether it was removed is not known: try again.</exception>
    Task TombstoneAsync(StreamId stream, Deletion deletion, CancellationToken ct);
}

public enum ReadFrom
{
    /// <summary>Whoever is near; may lag.</summary>
    Anywhere,

    /// <summary>For what a decision hangs on.</summary>
    Leader,
}

public enum FeedScope
{
    /// <summary>All but <c>ChunkPersisted</c>.</summary>
    Lifecycle,
    Everything,
}

/// <summary>What is kept of a deleted stream where the log can keep it.</summary>
public sealed record Deletion(string By, DateTimeOffset At, StreamHead Head);
