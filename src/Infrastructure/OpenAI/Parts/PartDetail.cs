using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourcedStreams.OpenAI;

/// <summary>What a provider said, as it may stand in the detail of a part.</summary>
internal static class PartDetail
{
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
