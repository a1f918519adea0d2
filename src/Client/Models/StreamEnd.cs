using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>How a stream ended.</summary>
public sealed record StreamEnd(StreamStatus Status)
{
    /// <summary>UTF-8 bytes of its durable text; null where it is gone.</summary>
    public long? Length { get; init; }

    /// <summary>What the source said of its end, such as <c>stop</c> or <c>length</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The provider's own JSON on what the text cost.</summary>
    public JsonElement? Usage { get; init; }

    /// <summary>Why it did not end well; null where it did.</summary>
    public StreamError? Error { get; init; }

    /// <summary>The text is whole: its source ended well.</summary>
    public bool IsDone => Status is StreamStatus.Done;
}
