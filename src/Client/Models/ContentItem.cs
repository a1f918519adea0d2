using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>A part of an answer, or a run of its text between parts.</summary>
public sealed record ContentItem
{
    /// <summary>As <see cref="PartStart.Kind"/>; of a run of the text <c>text</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The part's number; null: a run of the text.</summary>
    public int? Part { get; init; }

    /// <summary>UTF-8 bytes of the stream's text before it.</summary>
    public long Offset { get; init; }

    /// <summary>The part that it belongs to.</summary>
    public int? Of { get; init; }

    public string? Name { get; init; }

    /// <summary>The provider's id of a call.</summary>
    public string? CallId { get; init; }

    public string? MediaType { get; init; }

    /// <summary><c>json</c>: its text is one JSON value; <c>base64</c>: it is bytes; null: it is text.</summary>
    public string? Encoding { get; init; }

    /// <summary>Of a part that marks the text: UTF-8 bytes of the text up to its end.</summary>
    public long? End { get; init; }

    /// <summary>Null where it has none, or stands as <see cref="Value"/> or behind <see cref="Href"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The JSON that its text is.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where its bytes are; <c>GetPartAsync</c> of the client gets them.</summary>
    public string? Href { get; init; }

    /// <summary><c>open</c>, <c>done</c>, <c>cut</c> (its stream ended first) or <c>failed</c>; null: a run of the
    /// text.</summary>
    public string? State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>A JSON object: what there is to say of it, from its start and its end.</summary>
    public JsonElement? Detail { get; init; }
}
