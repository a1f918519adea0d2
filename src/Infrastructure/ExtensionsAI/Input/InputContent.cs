using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Reads the content of one message, which is a list as a query gives it.</summary>
/// <param name="pairs">Of all messages.</param>
internal sealed class InputContent(ChatRole role, string? author, ToolPairs pairs)
{
    private readonly List<ChatMessage> messages = [];
    private readonly Dictionary<int, AIContent> parts = [];
    private readonly InputSources sources = new();

    public IReadOnlyList<ChatMessage> Read(InputValue content)
    {
        var items = content.List().Items.Select(item => new InputPart(item)).ToList();
        foreach (var item in items) Read(item, items);
        sources.Settle();
        return messages;
    }

    private void Read(InputPart item, List<InputPart> all)
    {
        switch (item.Kind)
        {
            case PartKinds.Step:
                if (messages.Count > 0 || item.Detail("messageId") is not null || item.Detail("author") is not null) Begin(item.Detail("messageId"), item.Detail("author"));
                break;
            case PartKinds.Text when item.HasText:
                Add(new TextContent(item.Text()), null);
                sources.Add((TextContent)messages[^1].Contents[^1], item.Offset);
                break;
            case PartKinds.Text:
                break;                                                                   // marks the text behind it
            case PartKinds.Reasoning:
                Add(new TextReasoningContent(item.Text()), item);
                break;
            case PartKinds.Opaque:
                AddOpaque(item);
                break;
            case PartKinds.ToolCall:
                AddCall(item, all);
                break;
            case PartKinds.ToolResult:
                AddResult(item);
                break;
            case PartKinds.ApprovalRequest:
                AddRequest(item);
                break;
            case PartKinds.ApprovalResponse:
                AddResponse(item);
                break;
            case PartKinds.Source:
                sources.Add(item);
                break;
            default:
                Add(InputItems.Read(item), item);
                break;
        }
    }

    private void AddOpaque(InputPart item)
    {
        switch (Of(item))
        {
            case TextReasoningContent thought when string.IsNullOrEmpty(thought.ProtectedData):
                thought.ProtectedData = item.Text();
                break;
            case ToolCallContent call:
                CallOpaque.Set(call, item.Text());
                break;
            default:
                Add(new TextReasoningContent(null) { ProtectedData = item.Text() }, item);
                break;
        }
    }

    private void AddCall(InputPart item, List<InputPart> all)
    {
        if (item.IsCut) return; // half of the arguments are none
        var call = InputCalls.ReadCall(item, pairs.IdOfCall(item.CallId));
        // A call that a person is asked about stands within the question.
        if (item.Number is { } number && all.Any(other => other.Kind == PartKinds.ApprovalRequest && other.Of == number)) parts[number] = call;
        else Add(call, item);
        if (call is FunctionCallContent { InformationalOnly: false }) pairs.Add(call);
    }

    private void AddResult(InputPart item)
    {
        var call = Of(item) as ToolCallContent;
        var id = call?.CallId ?? pairs.IdOfResult(item.CallId);
        if (id is null) return;                                                          // its call was cut off
        var result = InputCalls.ReadResult(item, id);
        var isFunctions = result is FunctionResultContent && call is not FunctionCallContent { InformationalOnly: true };
        if (isFunctions && !pairs.Answer(id)) return;
        if (isFunctions && item.IsCut) (result as FunctionResultContent)!.Result = ToolPairs.NotRun;
        if (!isFunctions) Add(result, item);
        else if (messages is [.., { } last] && last.Role == ChatRole.Tool) last.Contents.Add(result);
        else messages.Add(new ChatMessage(ChatRole.Tool, [result]));
    }

    private void AddRequest(InputPart item)
    {
        if (Of(item) is not ToolCallContent call) return;
        var request = new ToolApprovalRequestContent(item.Detail("requestId") ?? call.CallId, call);
        pairs.Add(request);
        Add(request, item);
    }

    private void AddResponse(InputPart item)
    {
        var request = Of(item) as ToolApprovalRequestContent ?? (item.Detail("requestId") is { } id ? pairs.RequestOf(id) : null)
            ?? throw item.Wrong("No message before asks for this approval: requestId names none.");
        Add(InputItems.ReadResponse(item, request), item);
    }

    private AIContent? Of(InputPart item) => item.Of is { } of ? parts.GetValueOrDefault(of) : null;

    private void Begin(string? messageId, string? name) => messages.Add(new ChatMessage(role, []) { MessageId = messageId, AuthorName = name ?? author });

    private void Add(AIContent content, InputPart? item)
    {
        if (messages is [] || (messages[^1].Role == ChatRole.Tool && role != ChatRole.Tool)) Begin(null, null);
        messages[^1].Contents.Add(content);
        if (item?.Number is { } number) parts[number] = content;
    }
}
