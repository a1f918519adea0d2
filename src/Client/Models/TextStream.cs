using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Client;

/// <summary>A stream as a query or a list shows it.</summary>
public sealed record TextStream
{
    public required string Id { get; init; }

    /// <summary><see cref="StreamStatus.Unknown"/> in a list's item that is <see cref="Damaged"/>, or another program's
    /// (<see cref="Foreign"/>).</summary>
    [JsonIgnore]
    public StreamStatus Status
    {
        get => StreamStatusConverter.Parse(StatusName);
        init => StatusName = StreamStatusConverter.NameOf(value);
    }

    /// <summary>The same as the server says it, also where this client does not know it; null: it says
    /// nothing.</summary>
    [JsonPropertyName("status")]
    public string? StatusName { get; init; }

    /// <summary>The text so far; null in lists, and where it was not asked for.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of the text; null in a list while the stream runs.</summary>
    public long? Length { get; init; }

    /// <summary>The number of the stream's last event; null in a list while the stream runs.</summary>
    public long? Revision { get; init; }

    /// <summary>The text source that writes it; empty where nothing is known of it.</summary>
    public string Source { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its creation, its start or its last text; null in a list.</summary>
    public DateTimeOffset? LastActivityAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it did not end well; null where it did, or has not ended.</summary>
    public StreamError? Error { get; init; }

    /// <summary>What the source said of its end, such as <c>stop</c> or <c>length</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>How many U+FFFD in the text stand for bytes that were no text; null where such were not to be
    /// replaced.</summary>
    public long? Replaced { get; init; }

    /// <summary>The provider's own JSON on what the text cost.</summary>
    public JsonElement? Usage { get; init; }

    /// <summary>The first words of its input.</summary>
    public string? Title { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The answer in order, its text and its parts; null: they were not asked for.</summary>
    public IReadOnlyList<ContentItem>? Content { get; init; }

    /// <summary>What is stored of its life cannot be what was written.</summary>
    public bool Damaged { get; init; }

    /// <summary>The first event in the stream that another program has written; all else is as it was before
    /// it.</summary>
    public ForeignEvent? Foreign { get; init; }
}
