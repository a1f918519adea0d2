using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Gives calls of tools the results that an answer which was cut off has left them without: a provider refuses
/// a conversation with a call that has none.</summary>
internal static class AnsweredCalls
{
    /// <summary>The messages; those that are given stay as they are.</summary>
    public static IReadOnlyList<ChatMessage> In(IEnumerable<ChatMessage> messages)
    {
        var (all, pairs) = (messages.ToList(), new ToolPairs());
        foreach (var content in all.SelectMany(message => message.Contents))
        {
            if (content is FunctionCallContent { InformationalOnly: false } call) pairs.Add(call);
            else if (content is FunctionResultContent result) pairs.Answer(result.CallId);
            else if (content is ToolApprovalRequestContent request) pairs.Add(request);
        }

        return pairs.Completed(all);
    }
}
