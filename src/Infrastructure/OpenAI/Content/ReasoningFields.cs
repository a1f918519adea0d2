using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>The reasoning that a message carries in fields of its own. Several may hold the same text: it is taken from
/// one.</summary>
internal static class ReasoningFields
{
    private const int MaxDepth = 8;

    private static readonly string[] TextFields = ["reasoning_content", "reasoning", "thinking", "reasoning_text", "thought"];

    /// <summary>Lists of blocks, of which some are text and some are for the provider.</summary>
    private static readonly string[] BlockFields = ["reasoning_details", "thinking_blocks"];

    private static readonly string[] PartFields = ["thinking", "text", "summary", "reasoning", "content", "value"];

    /// <summary>Words in the names of fields that say something of the reasoning.</summary>
    private static readonly string[] NoText = ["effort", "token", "time", "duration", "format", "status", "type", "enabled", "budget", "level"];

    private static readonly string[] OpaqueFields = ["signature", "data", "encrypted_content"];

    public static void Read(List<ChatSaid> said, JsonElement message)
    {
        if (!message.EnumerateObject().Any(member => member.Name is "signature" || IsReasoning(member.Name))) return;
        var text = TextFields.Select(field => ProviderJson.Member(message, field) is { } given ? TextOf(given) : null).FirstOrDefault(given => given is not null);
        text ??= string.Concat(BlockFields.Select(field => ProviderJson.Member(message, field) is { } blocks ? TextOf(blocks) : null)) is { Length: > 0 } inBlocks
            ? inBlocks
            : message.EnumerateObject().Where(member => IsText(member.Name)).Select(member => TextOf(member.Value)).FirstOrDefault(given => given is not null);
        if (text is not null) said.Add(new ChatSaid.Reasoning(text));
        foreach (var member in message.EnumerateObject()) ReadOpaque(said, member);
    }

    /// <summary>The text of reasoning in whatever shape; null: it has none.</summary>
    public static string? TextOf(JsonElement reasoning, int depth = 0) => reasoning.ValueKind switch
    {
        JsonValueKind.String => ProviderJson.Text(reasoning) is { Length: > 0 } text ? text : null,
        JsonValueKind.Array when depth < MaxDepth =>
            string.Concat(reasoning.EnumerateArray().Select(part => TextOf(part, depth + 1))) is { Length: > 0 } all ? all : null,
        JsonValueKind.Object when depth < MaxDepth => PartFields
            .Select(field => ProviderJson.Member(reasoning, field) is { } given ? TextOf(given, depth + 1) : null).FirstOrDefault(given => given is not null),
        _ => null,
    };

    /// <summary>What of a block of reasoning is for the provider, without its text; null: nothing is.</summary>
    public static string? OpaqueOf(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object && block.EnumerateObject().Any(member => OpaqueFields.Contains(member.Name) && !ProviderJson.IsNothing(member.Value))
            ? ProviderJson.Object(block.EnumerateObject().Where(member => !PartFields.Contains(member.Name)))
            : null;

    public static bool IsSignature(string json) => json.Contains("signature", StringComparison.Ordinal);

    private static void ReadOpaque(List<ChatSaid> said, JsonProperty member)
    {
        if (BlockFields.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array)
        {
            said.AddRange(member.Value.EnumerateArray().Select(OpaqueOf).OfType<string>().Select(block => new ChatSaid.Opaque(ProviderJson.Object(member.Name, $"[{block}]"), IsSignature(block))));
        }
        else if (member.Name is "signature" || (IsReasoning(member.Name) && IsOpaque(member.Name)))
        {
            if (!ProviderJson.IsNothing(member.Value)) said.Add(new ChatSaid.Opaque(ProviderJson.Object(member), IsSignature(member.Name)));
        }
        else if (member.Value.ValueKind == JsonValueKind.Object && IsReasoning(member.Name) && OpaqueOf(member.Value) is { } within)
        {
            said.Add(new ChatSaid.Opaque(ProviderJson.Object(member.Name, within), IsSignature(within)));
        }
    }

    private static bool IsText(string name) => IsReasoning(name) && !IsOpaque(name) && !NoText.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A <c>finish_reason</c> is none.</summary>
    private static bool IsReasoning(string name) => EventNames.IsReasoning(name) && !name.EndsWith("reason", StringComparison.OrdinalIgnoreCase);

    private static bool IsOpaque(string name) =>
        name.Contains("signature", StringComparison.OrdinalIgnoreCase) || name.Contains("opaque", StringComparison.OrdinalIgnoreCase)
        || name.Contains("encrypted", StringComparison.OrdinalIgnoreCase) || name.EndsWith("id", StringComparison.OrdinalIgnoreCase);
}
