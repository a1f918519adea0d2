using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Events in our streams that another program has written: over EventStoreDB's protocol, or because its own streams
/// have our prefix. They are no damage: nothing of ours is lost. Asked only of what cannot be decoded.
/// </summary>
internal static class ForeignEvents
{
    private const int ShownChars = 100;

    public static bool IsForeign(StoredEvent stored) => !stored.IsTombstone && !stored.IsUnreadable && IsForeign(stored.Type, stored.Metadata);

    /// <summary>An event of ours ends its metadata with a hash, and a flipped byte of it leaves no other program's
    /// metadata behind.</summary>
    public static bool IsForeign(string type, ReadOnlyMemory<byte> metadata) =>
        !EventMetadata.EndsWithHash(metadata) && (EventKinds.Find(type) is null || IsOfAnotherProgram(metadata));

    public static LogDamagedException Found(StoredEvent stored) =>
        new(stored.Stream, stored.Revision, $"an event of type '{Shown(stored.Type)}' stands there, which another program has written.")
        {
            ForeignType = stored.Type,
        };

    /// <summary>On one line, whatever the other program calls it.</summary>
    public static string Shown(string type) =>
        string.Concat(type.Take(ShownChars).Select(c => char.IsControl(c) ? '?' : c)) + (type.Length > ShownChars ? "…" : "");

    private static bool IsOfAnotherProgram(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.IsEmpty) return true;
        try
        {
            using var json = JsonDocument.Parse(metadata, KeptJson.Deep);
            return json.RootElement.ValueKind != JsonValueKind.Object
                || !(json.RootElement.TryGetProperty("v", out _) || json.RootElement.TryGetProperty("hash", out _));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
