using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure;

/// <summary>
/// What SQLite, EventStoreDB and memory have in common, below the codec: named streams of events whose id, type, content type, data and
/// metadata are kept as they are. Events that are not ours may stand beside ours.
/// </summary>
/// <remarks>
/// Reads throw <see cref="StreamGoneException"/> only above this level: here a tombstoned stream answers
/// <see cref="ByteRead.Tombstoned"/>. They throw <see cref="LogDamagedException"/> where the store itself finds damage, naming stream and
/// revision as far as known, and <see cref="LogUnavailableException"/> while the store cannot be read.
/// </remarks>
public interface IByteLog : IAsyncDisposable
{
    /// <summary>True where opening this log proves that no other process writes to it (the embedded log's lock).</summary>
    bool IsExclusive { get; }

    /// <summary>
    /// One atomic batch, durable when it answers. A repeated append (same expected revision, and the events after it begin with the
    /// very same ids, all of them) answers as appended and writes nothing; with <see cref="ExpectedRevision.Any"/> a repeat is known
    /// where all its ids stand, in this order, among the stream's last events. Cancelling stops the waiting, not necessarily the append.
    /// </summary>
    Task<ByteAppendResult> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct);

    /// <summary>One page. Forward: revisions &gt;= <paramref name="from"/> ascending; backward: &lt;= it, descending.</summary>
    /// <param name="from">A revision from 0; <see cref="long.MaxValue"/> backward means from the end.</param>
    /// <param name="maxCount">At least 1. A page may also be cut by its size, but never to nothing.</param>
    Task<ByteRead> ReadAsync(
        string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct);

    /// <summary>Each event with a revision &gt;= <paramref name="from"/>, then each as it is committed. Ends by cancellation, or after
    /// the tombstone by <see cref="StreamTombstonedException"/>. Waits for a stream that is not there yet.</summary>
    IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct);

    /// <summary>Everything after a position that the filter lets through, then each as it is committed, tombstones included (type
    /// <c>$streamDeleted</c>, revision 2^63−1). A null item says: all until now has been delivered.</summary>
    IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, ByteFilter filter, CancellationToken ct);

    /// <summary>The event at exactly this position; null where none stands.</summary>
    Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct);

    /// <summary>Tombstones a stream for ever; a repeat is success. <paramref name="metadata"/> (JSON: who, when, the head's hash) is kept
    /// with the tombstone where the log can.</summary>
    /// <exception cref="LogUnavailableException">Whether it was tombstoned is not known.</exception>
    Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct);

    /// <summary>How much of a stream is kept (EventStoreDB's <c>$maxCount</c> and <c>$maxAge</c>); the same again changes nothing.</summary>
    Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct);
}
