using System.Diagnostics;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>The rules of parts, within those of their stream.</summary>
internal static class PartRules
{
    public static Decision Decide(StreamCommand command, StreamState.Streaming state, OpenParts open)
    {
        switch (command)
        {
            case StartPart c:
                return state.Parts >= PartLimits.Parts || open.Count >= PartLimits.OpenParts || PartLimits.Fault(c.What, state.Parts) is not null
                    ? new Decision.Rejected(Rejection.PartOverLimit)
                    : new Decision.Accepted(new PartStarted(state.Parts + 1, c.What, c.Since, state.Extent) { At = c.At });

            case PersistPart { Text: "" }:
                return new Decision.Rejected(Rejection.EmptyChunk);

            case PersistPart c:
                if (open.Find(c.Part) is not { } part) return new Decision.Rejected(Rejection.PartNotOpen);
                return part.Start.Kind == PartKinds.Text
                    ? new Decision.Rejected(Rejection.PartWithoutText)
                    : new Decision.Accepted(new PartPersisted(c.Part, part.Events, part.Length, c.Text, c.Since, state.Extent) { At = c.At });

            case EndPart c:
                if (open.Find(c.Part) is not { } ended) return new Decision.Rejected(Rejection.PartNotOpen);
                if (PartLimits.DetailFault(c.End.Detail) is not null) return new Decision.Rejected(Rejection.PartOverLimit);
                var end = c.End with { Error = TextCut.ToBytes(c.End.Error, PartLimits.ErrorBytes) };
                return new Decision.Accepted(new PartEnded(c.Part, ended.Length, end, c.Since, state.Extent) { At = c.At });

            default:
                throw new UnreachableException($"{command} is no command of a part.");
        }
    }

    /// <summary>Whether an event of a part can stand behind so much of its stream, whatever parts are open.</summary>
    public static bool Follows(PartEvent @event, StreamExtent extent) => @event.Before == extent && @event switch
    {
        PartStarted e => e.Part == extent.Parts + 1 && (e.Start.Of is null || (e.Start.Of >= 1 && e.Start.Of <= extent.Parts)),
        PartPersisted e => e.Part >= 1 && e.Part <= extent.Parts && e.Text != "",
        PartEnded e => e.Part >= 1 && e.Part <= extent.Parts,
        _ => false,
    };

    /// <summary>Whether a batch of text is the next one of an open part.</summary>
    public static bool Continues(OpenPart open, PartPersisted e) =>
        open.Start.Kind != PartKinds.Text && e.Index == open.Events && e.Offset == open.Length;
}
