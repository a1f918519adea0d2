using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>What a provider's usage says of tokens, in whichever of the common forms it is written.</summary>
/// <param name="Input">Null: it does not say.</param>
/// <param name="Output">Null: it does not say.</param>
internal readonly record struct TokenUsage(long? Input, long? Output)
{
    private static readonly string[] InputNames = ["prompt_tokens", "input_tokens", "inputTokenCount", "promptTokenCount", "inputTokens"];
    private static readonly string[] OutputNames = ["completion_tokens", "output_tokens", "outputTokenCount", "candidatesTokenCount", "outputTokens"];

    /// <param name="usage">The provider's own JSON, or anything else.</param>
    public static TokenUsage Of(string? usage)
    {
        if (usage is null) return default;
        try
        {
            using var json = JsonDocument.Parse(usage, KeptJson.Deep);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new TokenUsage(First(json.RootElement, InputNames), First(json.RootElement, OutputNames))
                : default;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return default; // it was cut, or is no JSON: a source may say what it likes
        }
    }

    private static long? First(JsonElement usage, string[] names)
    {
        foreach (var name in names)
        {
            if (usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0)
                return count;
        }

        return null;
    }
}
