namespace EventSourcedStreams.Domain;

/// <summary>What a verification has seen of one stream.</summary>
/// <param name="Status">Null where no event of it can be read.</param>
/// <param name="Head">The last event and its stored hash; null where there is none, or it cannot be read. Of a deleted
/// one what its tombstone says, where it says so.</param>
/// <param name="Deletion">The actor and time of its deletion, and where it ended; from its tombstone, or from
/// <c>StreamDeleted</c> while that is still its last event; null where nothing says so.</param>
/// <param name="Position">The furthest place in the log at which something of it stands.</param>
internal sealed record VerifiedStream(
    StreamId Id,
    StreamStatus? Status,
    StreamHead? Head,
    bool IsTombstoned,
    Deletion? Deletion,
    long Events,
    long Bytes,
    long Findings,
    LogPosition Position);
