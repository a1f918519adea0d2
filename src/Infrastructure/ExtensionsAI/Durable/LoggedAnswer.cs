using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>
/// An answer's updates from its stream's events, behind a place: contents in the order in which they were told when the
/// answer was made, whatever batches its text came in. Not for two threads at once.
/// </summary>
/// <param name="after">What is before it has been told.</param>
internal sealed class LoggedAnswer(ContentMark after)
{
    private readonly List<(ChatResponseUpdate Update, ContentMark Mark)> told = [];
    private readonly Dictionary<int, LoggedPart> open = [];
    private readonly SortedDictionary<int, LoggedPart> untold = [];
    private readonly Dictionary<int, AIContent> contents = [];
    private readonly LoggedText text = new();
    private readonly LoggedResults results = new();
    private LoggedStep step = LoggedStep.None;
    private (LoggedPart Part, ToolCallContent Call)? call;                      // may turn out to be asked about
    private long length;
    private int parts;

    /// <summary>All that there is, as its events say it.</summary>
    public ContentMark Logged => new(length, parts, [.. open.Values.OrderBy(part => part.Number).Select(part => (part.Number, part.Bytes))]);

    /// <exception cref="LogDamagedException">The event cannot follow.</exception>
    public void Apply(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case ChunkPersisted e when e.Offset == length: AddBody(e.Text); break;
            case PartStarted e when e.Part == parts + 1: Start(e.Part, e.Start); break;
            case PartPersisted e when open.TryGetValue(e.Part, out var part) && part.Bytes == e.Offset: AddText(part, e.Text); break;
            case PartEnded e when open.TryGetValue(e.Part, out var part) && part.Bytes == e.Length: End(part, e.End); break;
            case ChunkPersisted or PartEvent:
                throw new LogDamagedException(recorded.Stream.Value, recorded.Revision.Value, $"it does not stand behind {length} bytes of text and {parts} parts.");
            case Ending: Settle(); break;
        }
    }

    /// <summary>The updates that are certain. Text waits for what is said of it while more is there to be
    /// read.</summary>
    /// <param name="isAll">No more is there now.</param>
    public IReadOnlyList<(ChatResponseUpdate Update, ContentMark Mark)> Take(bool isAll)
    {
        if (isAll) TellText();
        if (told.Count == 0) return [];
        (ChatResponseUpdate, ContentMark)[] taken = [.. told];
        told.Clear();
        return taken;
    }

    private void AddBody(string more)
    {
        TellCall();
        TellResults();
        if (text.IsAnnotated) TellText();
        text.Add(more, LoggedPart.UntoldOf(more, length, after.Length));
        length += PartLimits.BytesOf(more);
    }

    private void Start(int number, PartStart start)
    {
        parts = number;
        var isTold = number <= after.Parts && after.Open.All(part => part.Part != number);
        var part = new LoggedPart(number, start, isTold ? null : after.Open.FirstOrDefault(known => known.Part == number).Length);
        open.Add(number, part);
        if (!isTold) untold.Add(number, part);
        if (start.Kind == PartKinds.Source) return;
        TellText();
        if (start.Kind is not (PartKinds.ApprovalRequest or PartKinds.Opaque) || call?.Part.Number != start.Of) TellCall();
        if (start.Kind != PartKinds.ToolResult) TellResults();
        if (start.Kind != PartKinds.Step) return;
        step = LoggedStep.None.With(start.Detail);
        text.Begin();
    }

    private void AddText(LoggedPart part, string more)
    {
        var fresh = part.Add(more);
        if (part.IsTold || part.Start.Kind != PartKinds.Reasoning || fresh.Length == 0) return;
        Settle();
        part.Tell();
        Tell(new TextReasoningContent(fresh));
    }

    private void End(LoggedPart part, PartEnd end)
    {
        open.Remove(part.Number);
        var item = part.Ended(end);
        switch (part.Start.Kind)
        {
            case PartKinds.Step:
                Settle();
                step = step.With(end.Detail);
                untold.Remove(part.Number);
                if (!part.IsTold && step.Usage is { } usage) Tell(AnswerEnd.Usage(usage));
                break;
            case PartKinds.Reasoning or PartKinds.Text:
                untold.Remove(part.Number);
                break;
            case PartKinds.Source:
                TellSource(part, item);
                break;
            case PartKinds.ToolCall:
                var read = InputCalls.ReadCall(item, item.CallId ?? "");
                contents[part.Number] = read;
                TellCall();
                if (read is FunctionCallContent { InformationalOnly: false }) results.Expect(part.Number, isRunHere: item.Detail("executed") == "app");
                if (!part.IsTold) call = (part, read);
                break;
            case PartKinds.ToolResult:
                results.Add(part, InputCalls.ReadResult(item, item.CallId ?? ""), Of(part));
                if (results.AreAll) TellResults();
                break;
            case PartKinds.ApprovalRequest when Of(part) is ToolCallContent asked:
                results.Forget(part.Start.Of!.Value);
                contents[part.Number] = new ToolApprovalRequestContent(item.Detail("requestId") ?? asked.CallId, asked);
                if (call?.Part.Number == part.Start.Of) untold.Remove(part.Start.Of.Value);
                call = null;                                                     // it stands within the question
                Tell(part, contents[part.Number]);
                break;
            case PartKinds.ApprovalResponse when Of(part) is ToolApprovalRequestContent request:
                Tell(part, InputItems.ReadResponse(item, request));
                break;
            case PartKinds.Opaque when call is var (asking, waits) && asking.Number == part.Start.Of:
                untold.Remove(part.Number);
                CallOpaque.Set(waits, item.Text());
                break;
            case PartKinds.Opaque:
                Tell(part, new TextReasoningContent(null) { ProtectedData = item.Text() });
                break;
            default:
                Tell(part, InputItems.Read(item));
                break;
        }
    }

    private void TellSource(LoggedPart part, InputPart item)
    {
        untold.Remove(part.Number);
        if (part.IsTold) return;
        if (!text.TryAnnotate(item)) Tell(text.Annotated(item));
    }

    private AIContent? Of(LoggedPart part) => part.Start.Of is { } of ? contents.GetValueOrDefault(of) : null;

    /// <summary>What waited is told: something else comes.</summary>
    private void Settle()
    {
        TellText();
        TellCall();
        TellResults();
    }

    private void TellText()
    {
        if (text.Take() is { } run) Tell(run);
    }

    private void TellCall()
    {
        if (call is not var (part, waited)) return;
        call = null;
        Tell(part, waited);
    }

    private void TellResults()
    {
        foreach (var (role, group) in results.Take())
        {
            foreach (var (part, _) in group)
            {
                untold.Remove(part.Number);

                // As a client that invokes functions marks what it has invoked.
                if (Of(part) is FunctionCallContent run) run.InformationalOnly = true;
            }

            List<AIContent> fresh = [.. group.Where(result => !result.Part.IsTold).Select(result => result.Content)];
            if (fresh.Count > 0) Tell(fresh, role);
        }
    }

    private void Tell(LoggedPart part, AIContent? content)
    {
        untold.Remove(part.Number);
        if (content is not null && !part.IsTold) Tell(content);
    }

    private void Tell(AIContent content) => Tell([content], ChatRole.Assistant);

    private void Tell(List<AIContent> contents, ChatRole role) => Tell(step.Update(role, contents));

    private void Tell(ChatResponseUpdate update)
    {
        var mark = new ContentMark(
            Math.Max(length - text.Bytes, after.Length), Math.Max(parts, after.Parts),
            [.. untold.Values.Select(part => (part.Number, part.ToldBytes)), .. after.Open.Where(part => part.Part > parts)]);
        told.Add((update, mark));
    }
}
