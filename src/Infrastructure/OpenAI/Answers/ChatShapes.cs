using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Where the objects that providers send keep text, reason, usage and error.</summary>
internal static class ChatShapes
{
    private static readonly string[] ChoiceFields = ["choices", "candidates"];

    /// <summary>Objects in which some servers wrap what OpenAI's API has at the top.</summary>
    private static readonly string[] Wrappers = ["response", "output", "result", "data", "chunk", "completion"];

    /// <summary>Fields of an event without choices that hold text, as in the APIs of Anthropic, Ollama, llama.cpp and
    /// others.</summary>
    private static readonly string[] TextFields =
        ["delta", "content_block", "message", "token", "content", "text", "response", "completion", "output_text", "answer", "output", "generated_text"];

    /// <param name="name">The event's.</param>
    public static void Read(ChatChunk chunk, JsonElement value, string? name)
    {
        chunk.IsObject = true;
        chunk.Error ??= ProviderErrors.Find(value) ?? (EventNames.IsError(name) ? ProviderErrors.Words(value) : null);
        ReadAnswer(chunk, value, name, isWrapped: false);
        if (EventNames.IsDone(name)) chunk.IsLast = true;
    }

    private static void ReadAnswer(ChatChunk chunk, JsonElement value, string? name, bool isWrapped)
    {
        chunk.AddUsage(ProviderJson.Member(value, "usage") ?? ProviderJson.Member(value, "usageMetadata")
            ?? ProviderJson.Member(ProviderJson.Member(value, "x_groq"), "usage"));
        foreach (var field in ChoiceFields)
        {
            if (ProviderJson.Member(value, field) is not { } choices) continue;
            if (choices.ValueKind == JsonValueKind.Object) chunk.Add(ChatPiece.Of(choices, chunk));
            else if (choices.ValueKind == JsonValueKind.Array) foreach (var choice in choices.EnumerateArray()) chunk.Add(ChatPiece.Of(choice, chunk));
            if (!ProviderJson.IsNothing(choices)) return;
        }

        ReadEvent(chunk, value, ProviderJson.Text(ProviderJson.Member(value, "type")) ?? name, isWrapped);
    }

    /// <summary>An event without choices: that of another API, or no part of the answer.</summary>
    private static void ReadEvent(ChatChunk chunk, JsonElement value, string? type, bool isWrapped)
    {
        var isWhole = type is not null && (type.EndsWith("done", StringComparison.OrdinalIgnoreCase) || type.EndsWith("completed", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("incomplete", StringComparison.OrdinalIgnoreCase));
        var reason = ChatPiece.ReasonOf(value) ?? ChatPiece.ReasonOf(ProviderJson.Member(value, "delta"))
            ?? FinishReasons.Of(ProviderJson.Member(ProviderJson.Member(value, "incomplete_details"), "reason"));
        if (ProviderJson.Member(value, "done") is { ValueKind: JsonValueKind.True } || type is "message_stop") chunk.IsLast = true;
        if (type is "response.completed" && reason is null) reason = "completed";
        chunk.IsPaid |= reason is not null || (ProviderJson.Member(value, "delta") is { } delta && !ProviderJson.IsNothing(delta));
        var text = TextOf(chunk, value);
        if (EventNames.IsReasoning(type)) chunk.IsPaid = true;
        else if (text is null || EventNames.IsText(type)) chunk.Add(new ChatPiece(null, text, isWhole ? ChatTextForm.Whole : ChatTextForm.Piece, reason));
        else chunk.IsPassedOver = true;
        if (isWrapped) return;

        foreach (var field in Wrappers)
        {
            if (ProviderJson.Member(value, field) is { ValueKind: JsonValueKind.Object } inner) ReadAnswer(chunk, inner, type, isWrapped: true);
        }
    }

    private static string? TextOf(ChatChunk chunk, JsonElement value)
    {
        foreach (var field in TextFields)
        {
            var given = ProviderJson.Member(value, field);
            if (given is { ValueKind: JsonValueKind.Object } && Wrappers.Contains(field)) continue;
            if (given is { ValueKind: JsonValueKind.String } && field is "message") continue;            // words about the answer, not of it
            if (given is { ValueKind: JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object } && chunk.TextOf(given, isMessage: true) is { } text) return text;
        }

        return null;
    }
}
