using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

internal static class StoredBytes
{
    /// <summary>All that the writer of an event gave it; not what the log added, its position and time.</summary>
    public static bool HasSameBytes(this StoredEvent one, StoredEvent other) =>
        one.Id == other.Id && one.Type == other.Type && one.ContentType == other.ContentType
        && one.Data.Span.SequenceEqual(other.Data.Span) && one.Metadata.Span.SequenceEqual(other.Metadata.Span);

    public static NewEvent AsNew(this StoredEvent stored) => new(stored.Id, stored.Type, stored.ContentType, stored.Data, stored.Metadata);

    public static int Bytes(this StoredEvent stored) => stored.Data.Length + stored.Metadata.Length;
}
