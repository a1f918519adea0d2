using System.Text.Json;

namespace EventSourcedStreams.Client;

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
