using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream as the embedded log's tables of names have it.</summary>
/// <param name="Head">Its last revision; 2^63−1 for one with a tombstone; null where the row that says it is lost,
/// which is damage.</param>
/// <param name="Tombstone">Null for one without, and where it is lost, which is damage.</param>
internal sealed record NamedStream(string Name, long? Head, StoredEvent? Tombstone)
{
    public bool IsTombstoned => Head == StoredEvent.TombstoneRevision;
}
