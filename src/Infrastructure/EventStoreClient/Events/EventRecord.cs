using System.Globalization;

namespace EventStore.Client;

/// <summary>An event as the log keeps it.</summary>
public class EventRecord
{
    public readonly string EventStreamId;

    public readonly Uuid EventId;

    public readonly StreamPosition EventNumber;

    public readonly string EventType;

    public readonly ReadOnlyMemory<byte> Data;

    public readonly ReadOnlyMemory<byte> Metadata;

    /// <summary>UTC, by the server's clock.</summary>
    public readonly DateTime Created;

    public readonly Position Position;

    public readonly string ContentType;

    /// <param name="metadata">The server's own: <c>type</c>, <c>content-type</c>, <c>created</c> (ticks of 100 ns since
    /// 1970).</param>
    internal EventRecord(
        string eventStreamId,
        Uuid eventId,
        StreamPosition eventNumber,
        Position position,
        IDictionary<string, string> metadata,
        ReadOnlyMemory<byte> data,
        ReadOnlyMemory<byte> customMetadata)
    {
        (EventStreamId, EventId, EventNumber, Position, Data, Metadata) = (eventStreamId, eventId, eventNumber, position, data, customMetadata);
        EventType = metadata["type"];
        Created = DateTime.UnixEpoch.AddTicks(long.Parse(metadata["created"], CultureInfo.InvariantCulture));
        ContentType = metadata["content-type"];
    }
}
