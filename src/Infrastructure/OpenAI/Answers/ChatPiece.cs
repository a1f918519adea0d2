using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What one choice of a chunk says.</summary>
/// <param name="Index">The choice's; null where it has none.</param>
/// <param name="Text">May end or begin with half of a surrogate pair: some providers cut there. Never empty.</param>
/// <param name="FinishReason">As the provider spells it.</param>
/// <param name="HasMore">Reasoning, a tool call, an image: a model's work that is no text.</param>
internal readonly record struct ChatPiece(int? Index, string? Text, ChatTextForm Form, string? FinishReason, bool HasMore = false)
{
    private static readonly string[] ReasonFields = ["finish_reason", "finishReason", "stop_reason", "done_reason"];

    /// <summary>Text stands in one field only, though several may hold it: first <c>delta</c>, then <c>message</c>,
    /// then <c>text</c>.</summary>
    public static ChatPiece Of(JsonElement choice, ChatChunk chunk)
    {
        int? index = ProviderJson.Member(choice, "index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : null;
        if (choice.ValueKind != JsonValueKind.Object) return new(null, chunk.TextOf(choice, isMessage: false), ChatTextForm.Piece, null);

        var delta = ProviderJson.Member(choice, "delta");
        var message = ProviderJson.Member(choice, "message");
        var reason = ReasonOf(choice) ?? ReasonOf(delta) ?? ReasonOf(message);
        chunk.IsPaid |= reason is not null;
        var hasMore = chunk.HasOtherContent(delta) | chunk.HasOtherContent(message);
        if (chunk.TextOf(delta, isMessage: true) is { } text) return new(index, text, ChatTextForm.Piece, reason, hasMore);
        if (chunk.TextOf(message, isMessage: true) is { } whole) return new(index, whole, ChatTextForm.Message, reason, hasMore);
        return new(index, chunk.TextOf(choice, isMessage: true), ChatTextForm.Field, reason, hasMore);
    }

    public static string? ReasonOf(JsonElement? of)
    {
        foreach (var field in ReasonFields)
        {
            if (FinishReasons.Of(ProviderJson.Member(of, field)) is { } reason) return reason;
        }

        return null;
    }
}

internal enum ChatTextForm
{
    /// <summary>More text.</summary>
    Piece,

    /// <summary>A message in place of a delta: more text, or all of it once more.</summary>
    Message,

    /// <summary>A field of its own beside a delta without text: more text, or all of it once more where deltas had
    /// text.</summary>
    Field,

    /// <summary>All of the text once more.</summary>
    Whole,
}
