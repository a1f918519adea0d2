using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>The text in a message or in its content, whatever its shape: a string, a list or object of parts, a
/// refusal, a transcript.</summary>
/// <param name="Text">Null where there is none.</param>
/// <param name="Unread">The type of a part that may hold text in a shape that is not known; null: there is
/// none.</param>
/// <param name="RefusalAt">Where in the text the model begins to say that it would rather not; null: nowhere.</param>
internal readonly record struct ContentText(string? Text, string? Unread = null, int? RefusalAt = null)
{
    private const int MaxDepth = 16;

    private static readonly string[] TextFields = ["content", "text", "output_text", "value", "parts", "refusal", "transcript", "markdown"];

    /// <summary>Members of a part that say something, but no text.</summary>
    private static readonly HashSet<string> NoText =
    [
        "type", "id", "index", "role", "name", "annotations", "citations", "functionCall", "function_call", "inlineData", "inline_data", "fileData", "file_data",
        "image_url", "thoughtSignature", "thought_signature", "executableCode", "codeExecutionResult",
    ];

    private static readonly string[] InPlaceOfContent = ["text", "output_text", "parts", "value", "answer", "output", "response"];

    /// <summary>Parts of these kinds, by a word in their type, hold no text of the answer.</summary>
    private static readonly string[] Silent =
    [
        "image", "audio", "video", "file", "document", "tool", "function", "reference", "citation", "annotation", "source", "search", "signature",
        "redacted", "mcp", "computer", "execution", "usage", "metadata",
    ];

    /// <summary>Of a delta or message: its content, and beside it what it says instead.</summary>
    public static ContentText OfMessage(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return Of(message);
        var said = Of(ProviderJson.Member(message, "content") ?? default);
        if (ProviderJson.Member(message, "refusal") is { ValueKind: not JsonValueKind.True } refusal) said = said.And(Of(refusal).Refused());
        foreach (var field in InPlaceOfContent)
        {
            if (said.Text is null) said = said.And(Of(ProviderJson.Member(message, field) ?? default));
        }

        return said.Text is null ? said.And(Of(ProviderJson.Member(ProviderJson.Member(message, "audio"), "transcript") ?? default)) : said;
    }

    public static ContentText Of(JsonElement content, int depth = 0)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return new(ProviderJson.Text(content) is { Length: > 0 } text ? text : null);
            case JsonValueKind.Number or JsonValueKind.True:
                return new(content.GetRawText());
            case JsonValueKind.Array when depth < MaxDepth:
                return content.EnumerateArray().Aggregate(default(ContentText), (said, part) => said.And(Of(part, depth + 1)));
            case JsonValueKind.Object when depth < MaxDepth:
                return OfPart(content, depth);
            case JsonValueKind.Array or JsonValueKind.Object:
                return new(null, "a part in more than 16 others");
            default:
                return default;
        }
    }

    private static ContentText OfPart(JsonElement part, int depth)
    {
        var type = ProviderJson.Text(ProviderJson.Member(part, "type"));
        if (EventNames.IsReasoning(type) || ProviderJson.Member(part, "thought") is { ValueKind: JsonValueKind.True }) return default;
        if (type is not null && Silent.Any(word => type.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return Of(ProviderJson.Member(part, "transcript") ?? default, depth + 1);
        foreach (var field in TextFields)
        {
            if (ProviderJson.Member(part, field) is { } given && Of(given, depth + 1) is { } said && said != default)
                return type is "refusal" ? said.Refused() : said;
        }

        var says = part.EnumerateObject().Any(member => !NoText.Contains(member.Name) && !TextFields.Contains(member.Name) && !ProviderJson.IsNothing(member.Value));
        return says ? new(null, type ?? "a part without a type") : default;
    }

    private ContentText And(ContentText next) => new(
        Text is null ? next.Text : next.Text is null ? Text : Text + next.Text,
        Unread ?? next.Unread,
        RefusalAt ?? (Text?.Length ?? 0) + next.RefusalAt);

    private ContentText Refused() => Text is null ? this : this with { RefusalAt = 0 };
}
