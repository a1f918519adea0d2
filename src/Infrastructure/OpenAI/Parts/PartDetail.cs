using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourcedStreams.OpenAI;

/// <summary>The detail of a part, as a JSON object of at most 16 KiB.</summary>
internal static class PartDetail
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

    /// <summary>Null where it is no JSON after all: comments and the like are let pass by the reader.</summary>
    public static JsonNode? Json(string? given)
    {
        try
        {
            return given is null ? null : JsonNode.Parse(given);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>At most that many characters, and no half of a pair.</summary>
    public static string? Cut(string? text, int chars) =>
        text is null || text.Length <= chars ? text : text[..(char.IsHighSurrogate(text[chars - 1]) ? chars - 1 : chars)];
}
