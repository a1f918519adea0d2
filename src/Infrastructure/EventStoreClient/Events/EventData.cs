namespace EventStore.Client;

/// <summary>An event to append.</summary>
public sealed class EventData
{
    /// <param name="eventId">The same for each attempt to append the same event: by it the server tells a
    /// retry.</param>
    /// <param name="data">Not copied, as <paramref name="metadata"/>: neither may change afterwards.</param>
    /// <param name="contentType"><c>application/json</c> or <c>application/octet-stream</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An empty id, or another content type.</exception>
    public EventData(
        Uuid eventId, string type, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>? metadata = null, string contentType = "application/json")
    {
        if (eventId == default) throw new ArgumentOutOfRangeException(nameof(eventId), "An event needs an id.");
        if (contentType is not ("application/json" or "application/octet-stream"))
            throw new ArgumentOutOfRangeException(nameof(contentType), contentType, "It is application/json or application/octet-stream.");
        (EventId, Type, Data, Metadata, ContentType) = (eventId, type, data, metadata ?? ReadOnlyMemory<byte>.Empty, contentType);
    }

    internal Uuid EventId { get; }

    internal string Type { get; }

    internal ReadOnlyMemory<byte> Data { get; }

    internal ReadOnlyMemory<byte> Metadata { get; }

    internal string ContentType { get; }
}
