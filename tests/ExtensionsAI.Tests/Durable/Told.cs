using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>What updates tell, however their text is cut: one line for each content.</summary>
internal static class Told
{
    public static async Task<List<ChatResponseUpdate>> AllAsync(this IAsyncEnumerable<ChatResponseUpdate> answer)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in answer) updates.Add(update);
        return updates;
    }

    /// <summary>So many updates, and then its reader leaves.</summary>
    public static async Task<List<ChatResponseUpdate>> TakeAsync(this IAsyncEnumerable<ChatResponseUpdate> answer, int count)
    {
        var updates = new List<ChatResponseUpdate>();
        if (count == 0) return updates;
        await foreach (var update in answer)
        {
            updates.Add(update);
            if (updates.Count == count) break;
        }

        return updates;
    }

    public static List<string> Lines(this IEnumerable<ChatResponseUpdate> updates) => Lines(updates.SelectMany(update => update.Contents));

    public static List<string> Lines(IEnumerable<AIContent> contents)
    {
        var lines = new List<string>();
        foreach (var content in contents)
        {
            switch (content)
            {
                case TextContent text:
                    Join(lines, "text ", text.Text);
                    foreach (var citation in text.Annotations ?? []) lines.Add($"of {JsonSerializer.Serialize(((CitationAnnotation)citation).Title)}");
                    break;
                case TextReasoningContent thought:
                    Join(lines, "thought ", thought.Text);
                    if (!string.IsNullOrEmpty(thought.ProtectedData)) lines.Add($"sealed {thought.ProtectedData}");
                    break;
                default:
                    lines.Add(Shown(content));
                    break;
            }
        }

        return lines;
    }

    /// <summary>As JSON that does not say whether a value was an object of the app or came from JSON, and not whether a
    /// function has been invoked by now.</summary>
    private static string Shown(AIContent content)
    {
        var json = JsonSerializer.SerializeToNode(content, AIJsonUtilities.DefaultOptions)!.AsObject();
        foreach (var name in new[] { "$type", "additionalProperties", "informationalOnly" }) json.Remove(name);
        return $"{content.GetType().Name} {JsonNode.Parse(json.ToJsonString())!.ToJsonString()}";
    }

    private static void Join(List<string> lines, string kind, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        if (lines is [.., var last] && last.StartsWith(kind, StringComparison.Ordinal)) lines[^1] += text;
        else lines.Add(kind + text);
    }
}
