namespace EventSourcedStreams.Domain;

/// <summary>The reading half of <see cref="IEventStore"/>: it changes nothing in the log.</summary>
/// <remarks>
/// Reads throw <see cref="StreamGoneException"/> only above this level: here a tombstoned stream answers
/// <see cref="StoreRead.Tombstoned"/>. They throw <see cref="LogDamagedException"/> where the store itself finds
/// damage, naming stream and revision as far as known, and <see cref="LogUnavailableException"/> while the store cannot
/// be read.
/// </remarks>
internal interface IEventStoreReader : IAsyncDisposable
{
    /// <summary>Whether reads and appends of a stream whose events are hidden throw <see cref="LogDamagedException"/>;
    /// else it reads as one that never was.</summary>
    bool TellsTruncationOf(string stream) => false;

    /// <summary>One page. Forward: revisions &gt;= <paramref name="from"/> ascending; backward: &lt;= it,
    /// descending.</summary>
    /// <param name="from">A revision from 0; <see cref="long.MaxValue"/> backward means from the end.</param>
    /// <param name="maxCount">At least 1. A page may also be cut by its size, but never to nothing.</param>
    Task<StoreRead> ReadAsync(
        string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct);

    /// <summary>Each event with a revision &gt;= <paramref name="from"/>, then each as it is committed. Ends by
    /// cancellation, or after the tombstone by <see cref="StreamTombstonedException"/>. Waits for a stream that is not
    /// there yet.</summary>
    IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct);

    /// <summary>Everything after a position that the filter lets through, then each as it is committed, tombstones
    /// included (type <c>$streamDeleted</c>, revision 2^63−1). A null item says: all until now has been
    /// delivered.</summary>
    IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, StoreFilter filter, CancellationToken ct);

    /// <summary>The event at exactly this position; null where none stands.</summary>
    Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct);
}
