using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourcedStreams.Domain;

/// <summary>The detail of a part, as a source writes it: a JSON object.</summary>
internal static class PartDetailJson
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Members without a value are left out; null where none is left.</summary>
    public static string? Of(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var detail = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null) detail[name] = value;
        }

        return detail.Count == 0 ? null : detail.ToJsonString(Written);
    }

    /// <summary>The detail without its longest members, so that it has at most so many UTF-8 bytes. Null: it can be no
    /// detail, or nothing is left of it.</summary>
    public static string? Within(string detail, int bytes)
    {
        try
        {
            if (JsonNode.Parse(detail, documentOptions: new JsonDocumentOptions { MaxDepth = PartLimits.DetailDepth }) is not JsonObject given) return null;
            foreach (var name in given.OrderByDescending(member => BytesOf(member.Value)).Select(member => member.Key).ToList())
            {
                if (PartLimits.BytesOf(given.ToJsonString(Written)) <= bytes) break;
                given.Remove(name);
            }

            return given.Count == 0 ? null : given.ToJsonString(Written);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static long BytesOf(JsonNode? value) => PartLimits.BytesOf(value?.ToJsonString(Written));
}
