using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>What is said of a part: that it begins (<see cref="Start"/>), a piece of its text (<see cref="Text"/>), or
/// that it is complete (<see cref="End"/>). Parts may be open side by side.</summary>
/// <param name="Number">1, 2, … in the order in which parts begin; a number that is missing is not for this
/// client.</param>
public sealed record PartUpdate(int Number)
{
    /// <summary>What it is; null: it has begun before.</summary>
    public PartStart? Start { get; init; }

    /// <summary>A piece of its text; null: this update has none.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of the part before <see cref="Text"/>; null where there is none.</summary>
    public long? Offset { get; init; }

    /// <summary>Null: it goes on. A part without an end when its stream ends was cut off.</summary>
    public PartEnd? End { get; init; }
}

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

/// <summary>A part's end.</summary>
/// <param name="Length">UTF-8 bytes of its text.</param>
public sealed record PartEnd(long Length)
{
    /// <summary>A JSON object: what there is to say of it at its end.</summary>
    public JsonElement? Detail { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }
}
