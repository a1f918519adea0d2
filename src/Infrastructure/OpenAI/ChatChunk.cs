using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What one server-sent event of a chat completion says that matters here.</summary>
/// <param name="Text">May end or begin with half of a surrogate pair: some providers cut there.</param>
/// <param name="Usage">The provider's own JSON.</param>
/// <param name="Error">The provider's words for what went wrong after it had begun to answer.</param>
internal readonly record struct ChatChunk(string? Text, string? FinishReason, string? Usage, string? Error, bool IsLast)
{
    /// <summary>A larger usage is left out: half of a JSON is none.</summary>
    private const int MaxUsageBytes = 8 * 1024;

    /// <exception cref="JsonException">Not an object.</exception>
    public static ChatChunk Parse(ReadOnlySpan<byte> data)
    {
        if (data.Trim(" "u8).SequenceEqual("[DONE]"u8)) return new ChatChunk { IsLast = true };

        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        var chunk = document.RootElement;
        if (chunk.ValueKind != JsonValueKind.Object) throw new JsonException("A chunk is an object.");

        var choice = FirstOf(Member(chunk, "choices"));
        var delta = Member(choice, "delta");
        return new ChatChunk(
            // A model that refuses says so in another field, in place of its answer.
            ProviderJson.Text(Member(delta, "content")) ?? ProviderJson.Text(Member(delta, "refusal")),
            ProviderJson.Text(Member(choice, "finish_reason")),
            UsageOf(Member(chunk, "usage")),
            Member(chunk, "error") is { } error ? ProviderJson.Message(error) ?? "an error with no words" : null,
            IsLast: false);
    }

    private static JsonElement? Member(JsonElement? of, string name) => ProviderJson.Member(of, name);

    private static JsonElement? FirstOf(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } given && given.GetArrayLength() > 0 ? given[0] : null;

    private static string? UsageOf(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given) return null;
        var json = JsonMarshal.GetRawUtf8Value(given);
        return json.Length <= MaxUsageBytes ? Encoding.UTF8.GetString(json) : null;
    }
}
