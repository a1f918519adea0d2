using System.Text.Json.Nodes;

namespace EventSourcedStreams.OpenAI;

/// <summary>Gives back to a provider what only it reads.</summary>
internal static class RequestOpaque
{
    /// <param name="json">An object of members to be added; anything else is another provider's.</param>
    /// <param name="text">The thought's, which goes into the blocks that it was taken from.</param>
    public static void Merge(JsonObject into, string? json, string? text)
    {
        if (PartDetail.Json(json) is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            members.Remove(name);
            if (value is JsonArray blocks && into[name] is JsonArray before) foreach (var block in blocks.ToList()) { blocks.Remove(block); before.Add(Whole(block, text)); }
            else if (value is JsonArray own) into[name] = new JsonArray([.. own.Select(block => Whole(block?.DeepClone(), text))]);
            else into[name] = value;
        }
    }

    private static JsonNode? Whole(JsonNode? block, string? text)
    {
        if (block is not JsonObject given || string.IsNullOrEmpty(text)) return block;
        var type = (given["type"] as JsonValue)?.ToString();
        if (type is "reasoning.text") given["text"] = text;
        else if (type is "reasoning.summary") given["summary"] = text;
        else if (type is "thinking") given["thinking"] = text;
        return block;
    }
}
