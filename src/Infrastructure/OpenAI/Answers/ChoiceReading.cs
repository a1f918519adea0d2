using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Reads one choice of a chunk.</summary>
internal static class ChoiceReading
{
    private static readonly string[] ReasonFields = ["finish_reason", "finishReason", "stop_reason", "done_reason"];

    /// <summary>Text stands in one field only, though several may hold it: first <c>delta</c>, then <c>message</c>,
    /// then <c>text</c>.</summary>
    public static ChatPiece Of(JsonElement choice, ChatChunk chunk)
    {
        int? index = ProviderJson.Member(choice, "index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : null;
        if (choice.ValueKind != JsonValueKind.Object) return new ChatPiece(null, null, ChatTextForm.Piece, null).With(chunk.TextOf(choice, isMessage: false));

        var delta = ProviderJson.Member(choice, "delta");
        var message = ProviderJson.Member(choice, "message");
        var reason = ReasonOf(choice) ?? ReasonOf(delta) ?? ReasonOf(message);
        chunk.IsPaid |= reason is not null;
        chunk.AddUsage(ProviderJson.Member(choice, "usage"));
        var hasMore = chunk.HasOtherContent(delta) | chunk.HasOtherContent(message);
        var (text, form) = (chunk.TextOf(delta, isMessage: true), ChatTextForm.Piece);
        if (text.Text is null) (text, form) = (chunk.TextOf(message, isMessage: true), ChatTextForm.Message);
        if (text.Text is null) (text, form) = (chunk.TextOf(choice, isMessage: true), ChatTextForm.Field);
        var (beside, besideForm) = (MessageContent.Of(delta, form == ChatTextForm.Piece ? text.Text : null), ChatTextForm.Piece);
        if (beside.Count == 0) (beside, besideForm) = (MessageContent.Of(message, form == ChatTextForm.Message ? text.Text : null), ChatTextForm.Message);
        if (beside.Count == 0 && delta is null && message is null) (beside, besideForm) = (MessageContent.Of(choice, text.Text), ChatTextForm.Piece);
        return new ChatPiece(index, null, form, reason, hasMore) { Said = [.. beside, .. Problems.Of(choice)], SaidForm = besideForm }.With(text);
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
