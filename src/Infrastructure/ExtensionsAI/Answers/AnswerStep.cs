using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One call of the model, around what it says. What its first update does not tell stands at its
/// end.</summary>
internal sealed class AnswerStep
{
    private const int MaxIdBytes = 1024;

    private static readonly (string Name, Func<ChatResponseUpdate, string?> Of)[] Ids =
    [
        ("messageId", static update => update.MessageId), ("responseId", static update => update.ResponseId), ("conversationId", static update => update.ConversationId),
        ("author", static update => update.AuthorName), ("model", static update => update.ModelId),
    ];

    private readonly IPartAppender part;

    /// <summary>In the order of <see cref="Ids"/>; null: not known yet.</summary>
    private readonly string?[] known = new string?[Ids.Length];
    private readonly bool[] isLate = new bool[Ids.Length];

    public AnswerStep(IAppender output, ChatResponseUpdate first)
    {
        LearnIds(first, late: false);
        part = output.StartWithinLimits(new PartStart(PartKinds.Step) { Detail = Json(late: false, null, null) });
    }

    public UsageDetails? Usage { get; set; }

    public ChatFinishReason? FinishReason { get; set; }

    /// <summary>Whether an update is of this call: its message and response have the same ids, as far as they are
    /// known.</summary>
    public bool Holds(ChatResponseUpdate update) => IsSame(known[0], update.MessageId) && IsSame(known[1], update.ResponseId);

    public void Add(ChatResponseUpdate update) => LearnIds(update, late: true);

    public ValueTask EndAsync() => part.EndWithinLimitsAsync(new PartEnd { Detail = Json(late: true, FinishReason, Usage) });

    private static bool IsSame(string? known, string? id) => known is null || id is null || known == id;

    private string? Json(bool late, ChatFinishReason? reason, UsageDetails? usage) => PartDetailJson.Of(
    [
        .. Ids.Select((id, at) => (id.Name, (JsonNode?)(isLate[at] == late ? TextCut.ToBytes(known[at], MaxIdBytes) : null))),
        ("finishReason", reason?.Value),
        ("usage", UsageJson.Of(usage)),
    ]);

    private void LearnIds(ChatResponseUpdate update, bool late)
    {
        for (var at = 0; at < Ids.Length; at++)
        {
            if (known[at] is not null || Ids[at].Of(update) is not { } value) continue;
            (known[at], isLate[at]) = (value, late);
        }
    }
}
