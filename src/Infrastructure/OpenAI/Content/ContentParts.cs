using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Content that is a list or object of parts, some of which are no text.</summary>
internal static class ContentParts
{
    private const int MaxDepth = 16;

    /// <param name="at">How many characters of text stand before it.</param>
    public static void Read(List<ChatSaid> said, JsonElement content, int at, int depth = 0)
    {
        if (depth >= MaxDepth) return;
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                Read(said, part, at, depth + 1);
                at += ContentText.Of(part, depth + 1).Text?.Length ?? 0;
            }
        }
        else if (content.ValueKind == JsonValueKind.Object)
        {
            ReadPart(said, content, at, depth, index: null);
        }
    }

    /// <param name="index">The part's place in its message, where parts come one by one.</param>
    public static void ReadPart(List<ChatSaid> said, JsonElement part, int at, int depth, int? index)
    {
        var type = ProviderJson.Text(ProviderJson.Member(part, "type")) ?? "";
        if (EventNames.IsReasoning(type) || type is "signature_delta" || ProviderJson.Member(part, "thought") is { ValueKind: JsonValueKind.True }) ReadReasoning(said, part, at);
        else if (type.EndsWith("tool_result", StringComparison.Ordinal)) ReadResult(said, part, at);
        else if (type.EndsWith("tool_use", StringComparison.Ordinal) || type is "function_call" or "tool_call") ToolCallFields.ReadPart(said, part, at, index);
        else if ((ProviderJson.Member(part, "functionCall") ?? ProviderJson.Member(part, "function_call")) is { } call) ToolCallFields.ReadPart(said, call, at, index);
        else if (FileFields.IsFile(type, part)) FileFields.Read(said, part, at);
        else if (ProviderJson.Member(part, "parts") is { } parts) Read(said, parts, at, depth + 1);
        if (ProviderJson.Member(part, "thoughtSignature") is { } signature) AddSignature(said, ProviderJson.Object("thoughtSignature", signature.GetRawText()), at);
        foreach (var field in (string[])["annotations", "citations"])
        {
            if (ProviderJson.Member(part, field) is { } sources) SourceFields.Read(said, sources, at + (ContentText.Of(part, depth).Text?.Length ?? 0));
        }
    }

    private static void AddSignature(List<ChatSaid> said, string json, int at)
    {
        if (said is [.., ChatSaid.ToolCall call]) said[^1] = call with { Extra = json };
        else said.Add(new ChatSaid.Opaque(json, IsSignature: true) { At = at });
    }

    private static void ReadReasoning(List<ChatSaid> said, JsonElement part, int at)
    {
        if (ReasoningFields.TextOf(part) is { } text) said.Add(new ChatSaid.Reasoning(text) { At = at });
        if (ReasoningFields.OpaqueOf(part) is { } opaque) said.Add(new ChatSaid.Opaque(opaque, ReasoningFields.IsSignature(opaque)) { At = at });
    }

    private static void ReadResult(List<ChatSaid> said, JsonElement part, int at)
    {
        if (ProviderJson.Member(part, "content") is not { } content) return;
        var isText = content.ValueKind == JsonValueKind.String;
        said.Add(new ChatSaid.ToolResult(
            null, ProviderJson.Text(ProviderJson.Member(part, "tool_use_id")), isText ? null : content.GetRawText(), isText ? ProviderJson.Text(content) : null,
            ProviderJson.Member(part, "is_error") is { ValueKind: JsonValueKind.True })
        { At = at });
    }
}
