using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>A part's end.</summary>
/// <param name="Length">UTF-8 bytes of its text.</param>
public sealed record PartEnd(long Length)
{
    /// <summary>A JSON object: what there is to say of it at its end.</summary>
    public JsonElement? Detail { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }
}
