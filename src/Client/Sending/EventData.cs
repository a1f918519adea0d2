using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>One event, however it came. Without any data it is of a kind that this client does not know.</summary>
/// <param name="Id">The cursor behind it; null: it has none.</param>
internal readonly record struct ReceivedEvent(string Name, long? Id, EventData? Data = null, PartData? Part = null);

/// <summary>The data of an event of the stream itself; each has some of it.</summary>
internal sealed record EventData
{
    public StreamStatus? Status { get; init; }

    public string? Text { get; init; }

    public long? Offset { get; init; }

    public long? Revision { get; init; }

    public long? Length { get; init; }

    public string? FinishReason { get; init; }

    public JsonElement? Usage { get; init; }

    public StreamError? Error { get; init; }
}

/// <summary>The data of an event of a part; each has some of it.</summary>
internal sealed record PartData
{
    public required int Part { get; init; }

    public string? Kind { get; init; }

    public int? Of { get; init; }

    public string? Name { get; init; }

    public string? CallId { get; init; }

    public string? MediaType { get; init; }

    public string? Encoding { get; init; }

    public JsonElement? Detail { get; init; }

    public long? Offset { get; init; }

    public string? Text { get; init; }

    public long? Length { get; init; }

    public string? Error { get; init; }

    public PartStart ToStart() => new(Kind ?? "", Offset ?? 0)
    {
        Of = Of,
        Name = Name,
        CallId = CallId,
        MediaType = MediaType,
        Encoding = Encoding,
        Detail = Detail,
    };

    public PartEnd ToEnd() => new(Length ?? 0) { Detail = Detail, Error = Error };
}

internal sealed record PagedEvent(string Event, JsonElement? Data = null, long? Id = null);

internal sealed record EventPage(IReadOnlyList<PagedEvent>? Events, long? Cursor = null);
