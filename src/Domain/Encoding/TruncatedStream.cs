using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>
/// A stream whose events its metadata hide. A store's ordinary deletion leaves no tombstone: the stream reads as one
/// that never was, and an append that expects no stream goes on behind what is hidden.
/// </summary>
internal static class TruncatedStream
{
    /// <param name="metadata">The last event of the stream <c>$$name</c>.</param>
    public static bool IsHiddenBy(StoredEvent metadata)
    {
        try
        {
            return JsonElement.Parse(metadata.Data.Span, KeptJson.Deep) is { ValueKind: JsonValueKind.Object } fields
                && fields.TryGetProperty(StreamLimitsJson.Before, out var before)
                && before.ValueKind == JsonValueKind.Number
                && before.GetDouble() > 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <param name="stream">As the store names it.</param>
    public static LogDamagedException Found(string stream) => new(
        stream, 0, "The stream is truncated: it was deleted in the store without a tombstone, or events were hidden there ($tb).")
    {
        IsTruncation = true,
    };
}
