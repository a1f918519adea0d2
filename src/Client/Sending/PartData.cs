using System.Text.Json;

namespace EventSourcedStreams.Client;

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
