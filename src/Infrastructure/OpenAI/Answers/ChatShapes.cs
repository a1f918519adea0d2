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
        chunk.AddHead(
            ProviderJson.Text(ProviderJson.Member(value, "id") ?? ProviderJson.Member(value, "responseId")),
            ProviderJson.Text(ProviderJson.Member(value, "model") ?? ProviderJson.Member(value, "modelVersion")));
        chunk.AddHead(ProviderJson.Text(ProviderJson.Member(ProviderJson.Member(value, "message"), "id")), ProviderJson.Text(ProviderJson.Member(ProviderJson.Member(value, "message"), "model")));
        chunk.AddUsage(ProviderJson.Member(value, "usage") ?? ProviderJson.Member(value, "usageMetadata")
            ?? ProviderJson.Member(ProviderJson.Member(value, "x_groq"), "usage"));
        foreach (var field in ChoiceFields)
        {
            if (ProviderJson.Member(value, field) is not { } choices) continue;
            if (choices.ValueKind == JsonValueKind.Object) chunk.Add(ChoiceReading.Of(choices, chunk));
            else if (choices.ValueKind == JsonValueKind.Array) foreach (var choice in choices.EnumerateArray()) chunk.Add(ChoiceReading.Of(choice, chunk));
            if (ProviderJson.IsNothing(choices)) continue;
            AddBeside(chunk, value);
            return;
        }

        AddBeside(chunk, value);
        ReadEvent(chunk, value, ProviderJson.Text(ProviderJson.Member(value, "type")) ?? name, isWrapped);
    }

    /// <summary>What stands beside the choices and belongs to the answer.</summary>
    private static void AddBeside(ChatChunk chunk, JsonElement value)
    {
        var said = Problems.Of(value).ToList();
        foreach (var field in (string[])["search_results", "citations"])
        {
            if (said.Count == 0 && ProviderJson.Member(value, field) is { } sources) SourceFields.Read(said, sources, at: 0);
        }

        chunk.Beside.AddRange(said);
    }

    /// <summary>An event without choices: that of another API, or no part of the answer.</summary>
    private static void ReadEvent(ChatChunk chunk, JsonElement value, string? type, bool isWrapped)
    {
        var isWhole = type is not null && (type.EndsWith("done", StringComparison.OrdinalIgnoreCase) || type.EndsWith("completed", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("incomplete", StringComparison.OrdinalIgnoreCase));
        var reason = ChoiceReading.ReasonOf(value) ?? ChoiceReading.ReasonOf(ProviderJson.Member(value, "delta"))
            ?? FinishReasons.Of(ProviderJson.Member(ProviderJson.Member(value, "incomplete_details"), "reason"));
        if (ProviderJson.Member(value, "done") is { ValueKind: JsonValueKind.True } || type is "message_stop") chunk.IsLast = true;
        if (type is "response.completed" && reason is null) reason = "completed";
        chunk.IsPaid |= reason is not null || (ProviderJson.Member(value, "delta") is { } delta && !ProviderJson.IsNothing(delta));
        var text = EventNames.IsTool(type) ? default : TextOf(chunk, value);
        var beside = EventContent.Of(value, type, text.Text);
        chunk.IsPaid |= beside.Count > 0;
        var form = isWhole ? ChatTextForm.Whole : ChatTextForm.Piece;
        var piece = new ChatPiece(null, null, form, reason) { Said = beside, SaidForm = form };
        if (EventNames.IsReasoning(type)) chunk.IsPaid = true;
        if (beside.Count > 0 || text.Text is null || EventNames.IsText(type)) chunk.Add(EventNames.IsReasoning(type) ? piece : piece.With(text));
        else chunk.IsPassedOver |= !EventNames.IsReasoning(type);
        if (isWrapped) return;

        foreach (var field in Wrappers)
        {
            if (ProviderJson.Member(value, field) is { ValueKind: JsonValueKind.Object } inner) ReadAnswer(chunk, inner, type, isWrapped: true);
        }
    }

    private static ContentText TextOf(ChatChunk chunk, JsonElement value)
    {
        foreach (var field in TextFields)
        {
            var given = ProviderJson.Member(value, field);
            if (given is { ValueKind: JsonValueKind.Object } && Wrappers.Contains(field)) continue;
            if (EventNames.IsTool(ProviderJson.Text(ProviderJson.Member(given, "type")))) continue;
            // Words about the answer, not of it.
            if (given is { ValueKind: JsonValueKind.String } && field is "message") continue;
            if (given is { ValueKind: JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object } && chunk.TextOf(given, isMessage: true) is { Text: not null } text) return text;
        }

        return default;
    }
}
