using System.Text.Json;
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
        Add(json, "inputTextTokenCount", usage.InputTextTokenCount);
        Add(json, "inputAudioTokenCount", usage.InputAudioTokenCount);
        Add(json, "outputTextTokenCount", usage.OutputTextTokenCount);
        Add(json, "outputAudioTokenCount", usage.OutputAudioTokenCount);
        if (usage.AdditionalCounts is { Count: > 0 } more)
        {
            var counts = new JsonObject();
            foreach (var (name, count) in more.Take(MaxCounts)) counts[name] = count;
            json["additionalCounts"] = counts;
        }

        return json;
    }

    public static UsageDetails Read(JsonElement json) => new()
    {
        InputTokenCount = Count(json, "inputTokenCount"),
        OutputTokenCount = Count(json, "outputTokenCount"),
        TotalTokenCount = Count(json, "totalTokenCount"),
        CachedInputTokenCount = Count(json, "cachedInputTokenCount"),
        ReasoningTokenCount = Count(json, "reasoningTokenCount"),
        InputTextTokenCount = Count(json, "inputTextTokenCount"),
        InputAudioTokenCount = Count(json, "inputAudioTokenCount"),
        OutputTextTokenCount = Count(json, "outputTextTokenCount"),
        OutputAudioTokenCount = Count(json, "outputAudioTokenCount"),
        AdditionalCounts = json.TryGetProperty("additionalCounts", out var more)
            ? new(more.EnumerateObject().Where(count => count.Value.TryGetInt64(out _)).ToDictionary(count => count.Name, count => count.Value.GetInt64()))
            : null,
    };

    private static long? Count(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : null;

    private static void Add(JsonObject json, string name, long? count)
    {
        if (count is not null) json[name] = count;
    }
}
