using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>Finds the words by which a person knows a stream again in what its source was given.</summary>
internal static class InputTitle
{
    /// <summary>UTF-16 code units; more is cut, at a code point.</summary>
    public const int MaxChars = 120;

    /// <summary>In this order; others may hold what is not for lists.</summary>
    private static readonly string[] Fields = ["title", "prompt", "question", "query", "text", "topic"];

    /// <summary>The first user message's words, else those of a field that holds a question or a text; white space is
    /// one space each.</summary>
    /// <param name="input">JSON; null: nothing was given.</param>
    public static string? Of(string? input)
    {
        if (input is null) return null;
        try
        {
            using var document = JsonDocument.Parse(input, KeptJson.Deep);
            return Shortened(Words(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // half a surrogate pair is JSON, but not text
        }
    }

    private static string? Words(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return input.GetString();
        if (input.ValueKind != JsonValueKind.Object) return null;
        if (input.TryGetProperty("messages", out var messages) && FirstOfUser(messages) is { } asked) return asked;
        foreach (var name in Fields)
            if (input.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String) return field.GetString();
        return null;
    }

    private static string? FirstOfUser(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array) return null;
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String || !role.ValueEquals("user")
                || !message.TryGetProperty("content", out var content))
                continue;
            if (content.ValueKind == JsonValueKind.String) return content.GetString();
            if (content.ValueKind == JsonValueKind.Array && FirstText(content) is { } text) return text;
        }

        return null;
    }

    private static string? FirstText(JsonElement parts)
    {
        foreach (var part in parts.EnumerateArray())
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                return text.GetString();
        return null;
    }

    private static string? Shortened(string? words)
    {
        if (words is null) return null;
        var start = words.Length <= 10 * MaxChars ? words : words[..(10 * MaxChars)];
        var one = string.Join(' ', start.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (one.Length == 0) return null;
        return one.Length <= MaxChars ? one : one[..(char.IsHighSurrogate(one[MaxChars - 1]) ? MaxChars - 1 : MaxChars)];
    }
}
