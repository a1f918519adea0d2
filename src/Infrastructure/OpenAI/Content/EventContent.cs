using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What an event without choices says beside its text: those of Anthropic's and Ollama's APIs, and of
/// OpenAI's newer one.</summary>
internal static class EventContent
{
    /// <param name="text">The event's own.</param>
    public static IReadOnlyList<ChatSaid> Of(JsonElement value, string? type, string? text)
    {
        var said = new List<ChatSaid>();
        int? index = Number(value, "index") ?? Number(value, "output_index");
        if (ProviderJson.Member(value, "content_block") is { ValueKind: JsonValueKind.Object } block) ContentParts.ReadPart(said, block, 0, 0, index);
        else if (type is not null && type.StartsWith("response.", StringComparison.Ordinal)) ReadResponse(said, value, type, index);
        else if (ProviderJson.Member(value, "delta") is { ValueKind: JsonValueKind.Object } delta) ReadDelta(said, delta, index);
        else if (ProviderJson.Member(value, "message") is { ValueKind: JsonValueKind.Object } message) said.AddRange(MessageContent.Of(message, text));
        else if (type is null) ReasoningFields.Read(said, value);
        return said;
    }

    private static void ReadDelta(List<ChatSaid> said, JsonElement delta, int? index)
    {
        if (ProviderJson.Member(delta, "partial_json") is { } arguments) ToolCallFields.ReadArguments(said, arguments, index, null);
        else if (ProviderJson.Member(delta, "citation") is { } source) SourceFields.Read(said, source, 0);
        else ContentParts.ReadPart(said, delta, 0, 0, index);
    }

    private static void ReadResponse(List<ChatSaid> said, JsonElement value, string type, int? index)
    {
        var delta = ProviderJson.Member(value, "delta");
        if (type.EndsWith("arguments.delta", StringComparison.Ordinal)) ToolCallFields.ReadArguments(said, delta, index, null);
        else if (type.EndsWith("custom_tool_call_input.delta", StringComparison.Ordinal)) ToolCallFields.ReadArguments(said, delta, index, null, isText: true);
        else if (EventNames.IsReasoning(type) && type.EndsWith(".delta", StringComparison.Ordinal) && delta is { } thought)
        {
            if (ReasoningFields.TextOf(thought) is { } text) said.Add(new ChatSaid.Reasoning(text));
        }
        else if (ProviderJson.Member(value, "annotation") is { } source) SourceFields.Read(said, source, 0);
        else if (ProviderJson.Member(value, "item") is { } item) ReadItem(said, item, index, isDone: type.EndsWith("done", StringComparison.Ordinal));
    }

    private static void ReadItem(List<ChatSaid> said, JsonElement item, int? index, bool isDone)
    {
        var type = ProviderJson.Text(ProviderJson.Member(item, "type"));
        if (type is "function_call" or "custom_tool_call") ToolCallFields.ReadPart(said, item, 0, index);
        else if (isDone && (EventNames.IsReasoning(type) || type is "image_generation_call")) ContentParts.ReadPart(said, item, 0, 0, index);
    }

    private static int? Number(JsonElement of, string field) =>
        ProviderJson.Member(of, field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : null;
}
