namespace EventSourcedStreams.Domain;

/// <summary>
/// What SQLite, EventStoreDB and memory have in common, below the codec: named streams of events whose id, type,
/// content type, data and metadata are kept as they are. Events that are not ours may stand beside ours.
/// </summary>
internal interface IEventStore : IEventStoreReader
{
    /// <summary>True where opening this log proves that no other process writes to it (the embedded log's
    /// lock).</summary>
    bool IsExclusive { get; }

    /// <summary>
    /// One atomic batch, durable when it answers. A repeated append (same expected revision, and the events after it
    /// begin with the very same ids, all of them) answers as appended and writes nothing; with
    /// <see cref="ExpectedRevision.Any"/> a repeat is known where all its ids stand, in this order, among the stream's
    /// last events. One that lost may bring the event that stands right after the expected revision, where the store
    /// has it at hand. Cancelling stops the waiting, not necessarily the append.
    /// </summary>
    Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct);

    /// <summary>Tombstones a stream for ever, if it ends where it is expected to; with
    /// <see cref="ExpectedRevision.Any"/> also one that never was. <paramref name="metadata"/> (JSON: the actor, the
    /// time, the head's hash) is kept with the tombstone where the log can.</summary>
    /// <returns>Appended; <see cref="AppendOutcome.Deleted"/>: a tombstone was there already, whatever was expected;
    /// <see cref="AppendOutcome.Lost"/>: the stream ends elsewhere, and stays.</returns>
    /// <exception cref="LogUnavailableException">Whether it was tombstoned is not known.</exception>
    Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct);

    /// <summary>How much of a stream is kept (EventStoreDB's <c>$maxCount</c> and <c>$maxAge</c>); the same again
    /// changes nothing.</summary>
    Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct);
}
