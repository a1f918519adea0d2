
namespace EventSourcedStreams.Domain;

/// <summary>An event to be appended, as bytes.</summary>
internal sealed record NewEvent(
    EventId Id, string Type, string ContentType, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata)
{
    /// <summary>Bytes of data and metadata.</summary>
    public int Size => Data.Length + Metadata.Length;
}

/// <summary>An event as a log holds it.</summary>
/// <param name="Created">The log's own clock, UTC.</param>
internal sealed record StoredEvent(
    string Stream,
    long Revision,
    LogPosition Position,
    DateTimeOffset Created,
    EventId Id,
    string Type,
    string ContentType,
    ReadOnlyMemory<byte> Data,
    ReadOnlyMemory<byte> Metadata)
{
    /// <summary>The revision and the type under which a tombstone reads, as in EventStoreDB.</summary>
    public const long TombstoneRevision = long.MaxValue;
    public const string TombstoneType = "$streamDeleted";

    /// <inheritdoc cref="NewEvent.Size"/>
    public int Size => Data.Length + Metadata.Length;

    public bool IsTombstone => Revision == TombstoneRevision;

    /// <summary>The store knows that this event stands there, and cannot give it: only its place is known.</summary>
    public bool IsUnreadable => Type.Length == 0;

    /// <inheritdoc cref="IsUnreadable"/>
    public static StoredEvent Unreadable(string stream, long revision, LogPosition position) =>
        new(stream, revision, position, default, default, "", "", default, default);
}
