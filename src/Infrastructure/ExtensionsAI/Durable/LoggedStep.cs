using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One call of the model, as its part says it.</summary>
internal sealed record LoggedStep
{
    public static LoggedStep None { get; } = new();

    public UsageDetails? Usage { get; private init; }

    private string? MessageId { get; init; }

    private string? ResponseId { get; init; }

    private string? ConversationId { get; init; }

    private string? Author { get; init; }

    private string? Model { get; init; }

    public ChatResponseUpdate Update(ChatRole role, IList<AIContent> contents) => role == ChatRole.Tool
        ? new ChatResponseUpdate(role, contents) { ResponseId = ResponseId, ConversationId = ConversationId }
        : new ChatResponseUpdate(role, contents)
        {
            MessageId = MessageId,
            ResponseId = ResponseId,
            ConversationId = ConversationId,
            AuthorName = Author,
            ModelId = Model,
        };

    /// <summary>With what its part's start, or its end, says.</summary>
    public LoggedStep With(string? detail)
    {
        if (detail is null) return this;
        using var json = JsonDocument.Parse(detail);
        var root = json.RootElement;
        return this with
        {
            MessageId = Text("messageId") ?? MessageId,
            ResponseId = Text("responseId") ?? ResponseId,
            ConversationId = Text("conversationId") ?? ConversationId,
            Author = Text("author") ?? Author,
            Model = Text("model") ?? Model,
            Usage = root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? UsageJson.Read(usage) : Usage,
        };

        string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
