using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One call of the model, around what it says. What its first update does not tell stands at its end.</summary>
internal sealed class AnswerStep
{
    private readonly IPartAppender part;
    private readonly Dictionary<string, string> told = [];
    private readonly Dictionary<string, string> late = [];

    public AnswerStep(IAppender output, ChatResponseUpdate first)
    {
        Take(first, told);
        part = output.StartWithinLimits(new PartStart(PartKinds.Step) { Detail = Json(told, null, null) });
    }

    public UsageDetails? Usage { get; set; }

    public ChatFinishReason? FinishReason { get; set; }

    /// <summary>Whether an update is of this call: its message and response have the same ids, as far as they are
    /// known.</summary>
    public bool Holds(ChatResponseUpdate update) => IsSame("messageId", update.MessageId) && IsSame("responseId", update.ResponseId);

    public void Add(ChatResponseUpdate update) => Take(update, late);

    public ValueTask EndAsync() => part.EndAsync(new PartEnd { Detail = TextCut.Within(Json(late, FinishReason, Usage), PartLimits.DetailBytes) });

    private static string? Json(Dictionary<string, string> ids, ChatFinishReason? reason, UsageDetails? usage) => PartDetailJson.Of(
    [
        .. ids.Select(id => (id.Key, (JsonNode?)id.Value)),
        ("finishReason", reason?.Value),
        ("usage", UsageJson.Of(usage)),
    ]);

    private bool IsSame(string name, string? id) => id is null || Known(name) is not { } known || known == id;

    private string? Known(string name) => told.GetValueOrDefault(name) ?? late.GetValueOrDefault(name);

    private void Take(ChatResponseUpdate update, Dictionary<string, string> into)
    {
        foreach (var (name, value) in ((string, string?)[])
        [
            ("messageId", update.MessageId), ("responseId", update.ResponseId), ("conversationId", update.ConversationId), ("author", update.AuthorName),
            ("model", update.ModelId),
        ])
        {
            if (value is not null && Known(name) is null) into[name] = TextCut.ToBytes(value, 1024)!;
        }
    }
}
