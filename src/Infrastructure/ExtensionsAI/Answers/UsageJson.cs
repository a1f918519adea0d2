using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What an answer has used, as JSON, and back.</summary>
internal static class UsageJson
{
    private const int MaxCounts = 64;

    /// <returns>Null: nothing was told.</returns>
    public static JsonObject? Of(UsageDetails? usage)
    {
        if (usage is null) return null;
        var json = new JsonObject();
        Add(json, "inputTokenCount", usage.InputTokenCount);
        Add(json, "outputTokenCount", usage.OutputTokenCount);
        Add(json, "totalTokenCount", usage.TotalTokenCount);
        Add(json, "cachedInputTokenCount", usage.CachedInputTokenCount);
        Add(json, "reasoningTokenCount", usage.ReasoningTokenCount);
        if (usage.AdditionalCounts is { Count: > 0 } more)
        {
            var counts = new JsonObject();
            foreach (var (name, count) in more.Take(MaxCounts)) counts[name] = count;
            json["additionalCounts"] = counts;
        }

        return json;
    }

    private static void Add(JsonObject json, string name, long? count)
    {
        if (count is not null) json[name] = count;
    }
}
