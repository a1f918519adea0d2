namespace EventSourcedStreams.OpenAI;

/// <summary>What one choice of a chunk says.</summary>
/// <param name="Index">The choice's; null where it has none.</param>
/// <param name="Text">May end or begin with half of a surrogate pair: some providers cut there. Never empty.</param>
/// <param name="FinishReason">As the provider spells it.</param>
/// <param name="HasMore">Reasoning, a tool call, an image: a model's work that is no text.</param>
internal readonly record struct ChatPiece(int? Index, string? Text, ChatTextForm Form, string? FinishReason, bool HasMore = false)
{
    private readonly IReadOnlyList<ChatSaid>? said;

    /// <summary>What it says beside its text.</summary>
    public IReadOnlyList<ChatSaid> Said { get => said ?? []; init => said = value; }

    /// <summary>Whether <see cref="Said"/> may be all of it once more.</summary>
    public ChatTextForm SaidForm { get; init; }

    /// <inheritdoc cref="ContentText.RefusalAt"/>
    public int? RefusalAt { get; init; }

    public bool HasCalls => Said.Any(each => each is ChatSaid.ToolCall);

    public ChatPiece With(ContentText text) => this with { Text = text.Text, RefusalAt = text.RefusalAt };
}
