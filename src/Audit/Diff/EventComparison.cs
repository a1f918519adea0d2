using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Diff;

/// <summary>Finds the first field in which two stored events differ: what they say first, then actor and time, then how
/// it is written.</summary>
/// <param name="isSameStream">False for two streams of different ids: their event ids and hashes differ in any
/// case.</param>
internal sealed class EventComparison(bool isSameStream)
{
    private const string Unlike = "(the same fields, written otherwise)";

    /// <returns>Null where nothing differs.</returns>
    public (string Field, string? A, string? B)? Find(StoredEvent a, StoredEvent b)
    {
        if (a.Type != b.Type) return ("type", a.Type, b.Type);
        if (a.ContentType != b.ContentType) return ("contentType", a.ContentType, b.ContentType);
        if (Find("data", a.Data, b.Data, a.Revision == 0 ? "id" : null) is { } said) return said;
        if (Find("metadata", a.Metadata, b.Metadata, "hash") is { } noted) return noted;
        return isSameStream && a.Id != b.Id ? ("eventId", a.Id.ToString(), b.Id.ToString()) : null;
    }

    private (string, string?, string?)? Find(string part, ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b, string? ofTheStream)
    {
        if (a.Span.SequenceEqual(b.Span)) return null;
        if (Fields(a) is not { } left || Fields(b) is not { } right) return (part, Raw(a), Raw(b));
        foreach (var name in left.Keys.Union(right.Keys))
        {
            var (there, here) = (left.GetValueOrDefault(name), right.GetValueOrDefault(name));
            if (there != here && (isSameStream || name != ofTheStream)) return ($"{part}.{name}", there, here);
        }

        return isSameStream ? (part, Unlike, Unlike) : null;
    }

    /// <summary>Null where it is no JSON object, or one that has a field twice.</summary>
    private static Dictionary<string, string>? Fields(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, KeptJson.Deep);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                var value = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
                if (!fields.TryAdd(field.Name, value)) return null;
            }

            return fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Raw(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
