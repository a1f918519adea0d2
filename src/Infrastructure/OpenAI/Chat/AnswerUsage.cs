using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>A provider's usage and reason to end, in the words of chat clients.</summary>
internal static class AnswerUsage
{
    public static UsageDetails? Of(string? usage)
    {
        try
        {
            return usage is null || PartDetail.Element(usage) is not { } json ? null : Of(json);
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair is JSON, but not text
        }
    }

    private static UsageDetails Of(JsonElement json) => new()
    {
        InputTokenCount = Count(json, "prompt_tokens", "input_tokens", "promptTokenCount"),
        OutputTokenCount = Count(json, "completion_tokens", "output_tokens", "candidatesTokenCount"),
        TotalTokenCount = Count(json, "total_tokens", "totalTokenCount"),
        CachedInputTokenCount = Count(ProviderJson.Member(json, "prompt_tokens_details"), "cached_tokens") ?? Count(json, "prompt_cache_hit_tokens", "cache_read_input_tokens"),
        ReasoningTokenCount = Count(ProviderJson.Member(json, "completion_tokens_details"), "reasoning_tokens"),
    };

    /// <summary>Null: it gave none.</summary>
    public static ChatFinishReason? ReasonOf(string? reason)
    {
        if (reason is null) return null;
        var plain = reason.ToLowerInvariant();
        return plain.Contains("tool") || plain.Contains("function") ? ChatFinishReason.ToolCalls
            : plain.Contains("length") || plain.Contains("limit") || plain.Contains("max") || plain.Contains("exceeded") ? ChatFinishReason.Length
            : plain.Contains("filter") || plain is "sensitive" or "safety" or "recitation" or "blocklist" or "prohibited_content" or "spii" or "refusal" ? ChatFinishReason.ContentFilter
            : ChatFinishReason.Stop;
    }

    private static long? Count(JsonElement? of, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (ProviderJson.Member(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count)) return count;
        }

        return null;
    }
}
