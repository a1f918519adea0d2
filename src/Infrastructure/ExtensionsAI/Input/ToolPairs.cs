using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>
/// Keeps calls and results of tools together: a provider refuses a call without a result, a result without a call, and
/// ids that are empty or stand for two calls. Calls are known by their ids as they came; what the client is given has
/// ids of its own where those do not do.
/// </summary>
internal sealed class ToolPairs
{
    public const string NotRun = "The tool was not run.";

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> lastOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ToolCallContent> waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ToolApprovalRequestContent> requests = new(StringComparer.Ordinal);

    /// <summary>The id for the client of a call with that one.</summary>
    public string IdOfCall(string? given)
    {
        var id = given;
        for (var number = 1; string.IsNullOrEmpty(id) || !ids.Add(id); number++) id = $"{(string.IsNullOrEmpty(given) ? "call" : given)}-{number}";
        lastOf[given ?? ""] = id;
        return id;
    }

    /// <summary>The id for the client of the last call with that one; null: there is none.</summary>
    public string? IdOfResult(string? given) => lastOf.GetValueOrDefault(given ?? "");

    public void Add(ToolCallContent call) => waiting[call.CallId] = call;

    /// <returns>False: no call waits for it.</returns>
    public bool Answer(string callId) => waiting.Remove(callId);

    public void Add(ToolApprovalRequestContent request) => requests[request.RequestId] = request;

    /// <summary>Null: no message before asked for it.</summary>
    public ToolApprovalRequestContent? RequestOf(string requestId) => requests.GetValueOrDefault(requestId);

    /// <summary>The messages, with a result for each call that has none.</summary>
    public IReadOnlyList<ChatMessage> Completed(List<ChatMessage> messages)
    {
        var asked = requests.Values.Select(request => request.ToolCall.CallId).ToHashSet(StringComparer.Ordinal);
        for (var at = messages.Count - 1; at >= 0; at--)
        {
            var open = messages[at].Contents.OfType<FunctionCallContent>()
                .Where(call => !call.InformationalOnly && waiting.ContainsKey(call.CallId) && !asked.Contains(call.CallId))
                .Select(AIContent (call) => new FunctionResultContent(call.CallId, NotRun)).ToList();
            if (open.Count == 0) continue;
            if (at + 1 < messages.Count && messages[at + 1].Role == ChatRole.Tool) messages[at + 1] = new ChatMessage(ChatRole.Tool, [.. messages[at + 1].Contents, .. open]);
            else messages.Insert(at + 1, new ChatMessage(ChatRole.Tool, open));
        }

        return messages;
    }
}
