using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>What an answer says, as a chat client tells it.</summary>
internal sealed class UpdateContents(TimeProvider time)
{
    /// <summary>The shortest idle timeout of a stream is 5 s.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ChatPart, StringBuilder> texts = [];
    private readonly ClientCalls calls = new();
    private readonly StringBuilder body = new();
    private string? responseId;
    private string? model;
    private long toldAt = time.GetTimestamp();

    /// <summary>A provider that is alive and says nothing for a while is told by an update without contents.</summary>
    public IEnumerable<ChatResponseUpdate> Of(ChatUpdate update)
    {
        if (update is ChatUpdate.Alive)
        {
            if (time.GetElapsedTime(toldAt) >= SignOfLife) yield return Update([]);
            yield break;
        }

        // What its provider wants back with a call comes behind it: the call waits for what comes next.
        if (!IsOfCall(update)) foreach (var call in calls.Taken()) yield return Update(call);
        switch (update)
        {
            case ChatUpdate.Text(var text):
                body.Append(text);
                yield return Update(new TextContent(text));
                break;
            case ChatUpdate.PartStart({ Kind: "step" } step):
                Head(step);
                break;
            case ChatUpdate.PartStart(var part):
                texts[part] = new StringBuilder();
                if (part.Kind is "tool-call") yield return Raw(calls.Begin(part));
                break;
            case ChatUpdate.PartText({ Kind: "reasoning" }, var text):
                yield return Update(new TextReasoningContent(text));
                break;
            case ChatUpdate.PartText(var part, var text):
                texts[part].Append(text);
                if (part.Kind is "tool-call") yield return Raw(calls.Go(part, text));
                break;
            case ChatUpdate.PartEnd(var part, var detail, var error):
                if (texts.Remove(part, out var whole) && Ended(part, whole.ToString(), detail, error) is { } content) yield return Update(content);
                break;
            case ChatUpdate.End(var reason, var usage):
                var last = Update([.. AnswerUsage.Of(usage) is { } used ? (AIContent[])[new UsageContent(used)] : []]);
                last.FinishReason = AnswerUsage.ReasonOf(reason);
                yield return last;
                break;
        }
    }

    private static bool IsOfCall(ChatUpdate update) => update switch
    {
        ChatUpdate.PartStart(var part) => part is { Kind: "opaque", Of.Kind: "tool-call" },
        ChatUpdate.PartText(var part, _) => part is { Kind: "opaque", Of.Kind: "tool-call" },
        ChatUpdate.PartEnd(var part, _, _) => part is { Kind: "opaque", Of.Kind: "tool-call" } or { Kind: "tool-call" },
        _ => false,
    };

    private AIContent? Ended(ChatPart part, string text, string? detail, string? error)
    {
        switch (part.Kind)
        {
            case "opaque" when part.Of is { Kind: "tool-call" } call:
                calls.AddOpaque(call, text);
                return null;
            case "opaque":
                return new TextReasoningContent(null) { ProtectedData = text };
            case "tool-call":
                calls.End(part, text, detail);
                return null;
            case "tool-result":
                return new FunctionResultContent(calls.IdOf(part.Of, part.CallId), part.Encoding is "json" && PartDetail.Element(text) is { ValueKind: not JsonValueKind.Null } value ? value : text)
                {
                    Exception = error is null ? null : new InvalidOperationException(error),
                };
            case "file":
                return AnswerFiles.Of(part, text);
            case "source":
                return AnswerSources.Of(part, body);
            case "error":
                return new ErrorContent(text) { ErrorCode = PartDetail.Json(part.Detail)?["code"]?.GetValue<string>() };
            default:
                return null;
        }
    }

    private void Head(ChatPart step)
    {
        var detail = PartDetail.Json(step.Detail);
        (responseId, model) = (detail?["responseId"]?.GetValue<string>(), detail?["model"]?.GetValue<string>());
    }

    private ChatResponseUpdate Update(params IList<AIContent> contents)
    {
        toldAt = time.GetTimestamp();
        return new ChatResponseUpdate(ChatRole.Assistant, contents) { ResponseId = responseId, MessageId = responseId, ModelId = model };
    }

    private ChatResponseUpdate Raw(ToolCallDelta delta)
    {
        var update = Update([]);
        update.RawRepresentation = delta;
        return update;
    }
}
