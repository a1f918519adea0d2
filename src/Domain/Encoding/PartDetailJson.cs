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
}
