using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>A text stream that a store knows of, whatever is left of it.</summary>
/// <param name="Head">Its last revision; null for one with a tombstone, and for one of which the store knows no end,
/// which is damage.</param>
/// <param name="Tombstone">The tombstone as it is stored, with actor and time in its metadata where the log keeps them
/// (<see cref="TombstoneMetadata"/>); null for one without, and where only its content is lost.</param>
internal sealed record StreamEntry(StreamId Id, long? Head, bool IsTombstoned, StoredEvent? Tombstone)
{
    /// <summary>Its <c>StreamDeleted</c>, where the log still has that beside the tombstone, as EventStoreDB does until
    /// a scavenge.</summary>
    public StoredEvent? LastWord { get; init; }

    /// <summary>The actor and time of its deletion, and where it ended: by its tombstone where the log keeps that
    /// there, else by its last word.</summary>
    public Deletion? Deletion => Tombstone is { Metadata: { IsEmpty: false } metadata } ? TombstoneMetadata.TryRead(metadata) : Said(LastWord);

    private Deletion? Said(StoredEvent? lastWord)
    {
        try
        {
            return lastWord is not null && StreamCodec.Decode(Id, lastWord) is { Event: StreamEvent.StreamDeleted deleted } recorded
                ? new Deletion(deleted.By, deleted.At, recorded.Head)
                : null;
        }
        catch (LogDamagedException)
        {
            return null;
        }
    }
}
