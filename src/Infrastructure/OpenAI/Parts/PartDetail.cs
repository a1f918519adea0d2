using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;

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

    /// <summary>As a member of a detail; null where it can be none: it is no JSON, too deep, or not all of it is
    /// text.</summary>
    public static JsonNode? Member(string? given)
    {
        try
        {
            var member = given is null ? null : JsonNode.Parse(given, documentOptions: new JsonDocumentOptions { MaxDepth = PartLimits.DetailDepth - 1 });
            member?.ToJsonString();
            return member;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null where it is no JSON, or too deep.</summary>
    public static JsonElement? Element(string given)
    {
        try
        {
            return JsonElement.Parse(given);
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
