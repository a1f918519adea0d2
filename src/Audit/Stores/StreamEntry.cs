using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>A text stream that a store knows of, whatever is left of it.</summary>
/// <param name="Head">Its last revision; null for one with a tombstone, and for one of which the store knows no end, which is damage.</param>
/// <param name="Tombstone">The tombstone as it is stored, with who and when in its metadata where the log keeps it
/// (<see cref="TombstoneMetadata"/>); null for one without, and where only its content is lost.</param>
public sealed record StreamEntry(StreamId Id, long? Head, bool IsTombstoned, StoredEvent? Tombstone)
{
    /// <summary>Who deleted it, when, and where it ended, as far as the log keeps that.</summary>
    public Deletion? Deletion => Tombstone is { } tombstone ? TombstoneMetadata.TryRead(tombstone.Metadata) : null;
}
