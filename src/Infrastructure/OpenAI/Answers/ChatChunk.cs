using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What one event of a chat completion says that matters here.</summary>
internal sealed class ChatChunk
{
    /// <summary>A larger usage is left out: half of a JSON is none.</summary>
    private const int MaxUsageBytes = 8 * 1024;

    private static readonly HashSet<string> Labels = ["role", "id", "name", "object", "type", "index", "provider", "model", "channel", "recipient", "status"];

    /// <summary>Members of a message that are read, or are known to be no text.</summary>
    private static readonly HashSet<string> Known =
        ["content", "refusal", "text", "output_text", "value", "answer", "output", "response", "signature", "finish_reason", "stop_reason", "tool_call_id", "phase"];

    public List<ChatPiece> Pieces { get; } = [];

    /// <summary>What belongs to no choice.</summary>
    public List<ChatSaid> Beside { get; } = [];

    /// <summary>The provider's own JSON.</summary>
    public string? Usage { get; private set; }

    /// <summary>The answer's own, as the provider names it.</summary>
    public string? ResponseId { get; private set; }

    public string? Model { get; private set; }

    /// <summary>The provider's words for what went wrong. The chunk's text stands before it.</summary>
    public string? Error { get; set; }

    /// <summary>No chat completion at all; null: it is one. Empty where nothing of it is worth showing.</summary>
    public string? Malformed { get; set; }

    /// <summary>Nothing comes after it.</summary>
    public bool IsLast { get; set; }

    /// <summary>A model has been at work: the same must not be asked for again.</summary>
    public bool IsPaid { get; set; }

    /// <summary>What kind of content may hold text that could not be read.</summary>
    public string? Unread { get; set; }

    /// <summary>Passed over, though it might be text: an answer with no other text has not been read.</summary>
    public bool IsPassedOver { get; set; }

    /// <summary>It is at least an object, so that something that speaks JSON has answered.</summary>
    public bool IsObject { get; set; }

    /// <summary>Whether it says anything of the answer. A heartbeat does not.</summary>
    public bool Speaks => Pieces.Count > 0 || Beside.Count > 0 || Usage is not null || Error is not null || Malformed is not null || IsLast;

    public ContentText TextOf(JsonElement? value, bool isMessage)
    {
        if (value is not { } given) return default;
        var said = isMessage ? ContentText.OfMessage(given) : ContentText.Of(given);
        Unread ??= said.Unread;
        IsPaid |= said.Text is not null;
        return said;
    }

    /// <summary>Looks for what is no text: reasoning, a tool call, an image is a model's work all the same.</summary>
    /// <returns>Whether there is any.</returns>
    public bool HasOtherContent(JsonElement? message)
    {
        if (message is not { ValueKind: JsonValueKind.Object } given) return false;
        var hasAny = false;
        foreach (var member in given.EnumerateObject())
        {
            if (Labels.Contains(member.Name) || ProviderJson.IsNothing(member.Value)) continue;
            IsPaid = hasAny = true;
            IsPassedOver |= member.Value.ValueKind == JsonValueKind.String && !Known.Contains(member.Name) && !EventNames.IsReasoning(member.Name);
        }

        return hasAny;
    }

    public void Add(ChatPiece piece)
    {
        if (piece.Text is not null || piece.FinishReason is not null || piece.Index is not null || piece.HasMore || piece.Said.Count > 0) Pieces.Add(piece);
    }

    public void AddHead(string? id, string? model) => (ResponseId, Model) = (ResponseId ?? id, Model ?? model);

    public void AddUsage(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given) return;
        var json = ProviderJson.Strict(given);
        if (Encoding.UTF8.GetByteCount(json) <= MaxUsageBytes) Usage = json;
    }
}
