using System.Diagnostics;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.Domain.StreamState;

namespace EventSourcedStreams.Domain;

/// <summary>The rules of one text stream, as two pure functions.</summary>
internal static class StreamRules
{
    public static Decision Decide(StreamCommand command, StreamState state) => Decide(command, state, OpenParts.None);

    /// <param name="open">The parts that are open, by the fold of all events since the driver's start.</param>
    public static Decision Decide(StreamCommand command, StreamState state, OpenParts open) => (command, state) switch
    {
        (Create c, Missing) => Accept(new StreamCreated(
            c.Id, c.Source, c.Input, c.ContentType, c.IdleTimeout, c.Retain, c.Labels, c.Given)
        { At = c.At, MaxDuration = c.MaxDuration, OnDisconnect = c.OnDisconnect }),
        (_, Missing) => Reject(Rejection.UnknownStream),

        (Delete, Deleted) => Accept(),
        (_, Deleted) => Reject(Rejection.Deleted),
        (Create, _) => Reject(Rejection.AlreadyExists),

        (Start c, Pending s) => Accept(new StreamStarted(
            1,
            c.Driver,
            s.Created.Source,
            TextCut.ToBytes(c.Provider, TextLimits.CodeBytes),
            TextCut.ToBytes(c.Model, TextLimits.CodeBytes),
            c.Engine)
        { At = c.At }),
        (Start, Streaming) => Reject(Rejection.AlreadyDriven),
        (Start, Ended) => Reject(Rejection.StreamEnded),

        (PersistChunk { Text: "" }, _) => Reject(Rejection.EmptyChunk),
        (PersistChunk c, Streaming s) => Accept(new ChunkPersisted(s.Chunks, s.Length, c.Text, c.Since)
        { At = c.At, Before = s.Extent }),
        (StartPart or PersistPart or EndPart, Streaming s) => PartRules.Decide(command, s, open),
        (PersistChunk or StartPart or PersistPart or EndPart, Ended) => Reject(Rejection.StreamEnded),
        (PersistChunk or StartPart or PersistPart or EndPart or Complete or Fail, Pending) => Reject(Rejection.NotStarted),

        (Complete c, Streaming s) => Accept(new StreamCompleted(
            s.Length, s.Chunks, TextCut.ToBytes(c.FinishReason, TextLimits.MessageBytes), KeptJson.UsageFault(c.Usage) is null ? c.Usage : null)
        { At = c.At, Replaced = c.Replaced, Extent = state.Extent }),
        (Fail c, Streaming s) => Accept(new StreamFailed(
            TextCut.ToBytes(c.Code, TextLimits.CodeBytes), TextCut.ToBytes(c.Message, TextLimits.MessageBytes), s.Length, s.Chunks)
        { At = c.At, Replaced = c.Replaced, Extent = state.Extent }),
        (Cancel c, Streaming or Pending) => Accept(new StreamCancelled(
            TextCut.ToBytes(c.By, TextLimits.ActorBytes), TextCut.ToBytes(c.Reason, TextLimits.MessageBytes), c.RequestedAt,
            state.Extent.Length, state.Extent.Chunks)
        { At = c.At, Replaced = c.Replaced, Extent = state.Extent }),
        (TimeOut c, Streaming or Pending) => Accept(new StreamTimedOut(
            c.IdleFor, c.LastActivityAt, state.Extent.Length, state.Extent.Chunks)
        { At = c.At, MaxDuration = c.MaxDuration, Replaced = c.Replaced, Extent = state.Extent }),
        (Complete or Fail or Cancel or TimeOut, Ended) => Accept(),              // the ending that is there stands

        (Delete, Streaming) => Reject(Rejection.StillStreaming),                 // it is cancelled first
        (Delete c, Ended s) => Accept(Fence(c, s.Status, s.Length, s.Chunks)),
        (Delete c, Pending) => Accept(Fence(c, StreamStatus.Pending, 0, 0)),

        _ => throw new UnreachableException($"No rule for {command} in {state}."),
    };

    /// <exception cref="UnreachableException">The event cannot follow: the history is damaged.</exception>
    public static StreamState Evolve(StreamState state, StreamEvent @event) => (state, @event) switch
    {
        (Missing, StreamCreated) => StreamState.After(@event, 0),
        (Pending, StreamStarted e) => StreamState.After(e, e.Epoch),
        (Streaming s, ChunkPersisted e) when e.Text != "" && e.Before == s.Extent => StreamState.After(e, s.Epoch),
        (Streaming s, PartEvent e) when PartRules.Follows(e, s.Extent) => StreamState.After(e, s.Epoch),
        (Streaming, Ending e) when e.Extent == state.Extent => StreamState.After(e, state.CurrentEpoch),
        (Pending, Ending e and (StreamCancelled or StreamTimedOut)) when e.Extent == state.Extent => StreamState.After(e, 0),
        (Pending or Ended, StreamDeleted e) when e.Length == state.Extent.Length => StreamState.After(e, state.CurrentEpoch),
        (Pending or Streaming or Ended, StreamNote) => state,
        _ => throw new UnreachableException($"{@event} cannot follow {state}."),
    };

    private static Decision.Accepted Accept(params IReadOnlyList<StreamEvent> events) => new Decision.Accepted(events);

    private static Decision.Rejected Reject(Rejection why) => new Decision.Rejected(why);

    private static StreamDeleted Fence(Delete c, StreamStatus before, long length, int chunks) =>
        new(TextCut.ToBytes(c.By, TextLimits.ActorBytes), TextCut.ToBytes(c.Reason, TextLimits.MessageBytes), before, length, chunks)
        {
            At = c.At,
        };
}
