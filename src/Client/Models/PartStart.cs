using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>A part as it begins.</summary>
/// <param name="Kind"><c>step</c>, <c>reasoning</c>, <c>tool-call</c>, <c>tool-result</c>, <c>approval-request</c>,
/// <c>approval-response</c>, <c>source</c>, <c>file</c>, <c>input-file</c>, <c>text</c>, <c>data</c>, <c>error</c>, or
/// any other: skip one that you do not know.</param>
/// <param name="Offset">UTF-8 bytes of the stream's text before it.</param>
public sealed record PartStart(string Kind, long Offset)
{
    /// <summary>The part that it belongs to.</summary>
    public int? Of { get; init; }

    public string? Name { get; init; }

    /// <summary>The provider's id of a call; may be empty, and need not be unique.</summary>
    public string? CallId { get; init; }

    public string? MediaType { get; init; }

    /// <summary><c>json</c>: its text is one JSON value; <c>base64</c>: it is bytes; null: it is text.</summary>
    public string? Encoding { get; init; }

    /// <summary>A JSON object: what there is to say of it at its start.</summary>
    public JsonElement? Detail { get; init; }
}
