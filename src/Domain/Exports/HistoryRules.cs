using System.Diagnostics;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>Whether each event of a text may follow the ones before it: the domain's own rules, and what they need not
/// ask because the domain wrote it.</summary>
internal sealed class HistoryRules(StreamId stream, bool isRest)
{
    /// <summary>Null: not known, because an event before cannot be read.</summary>
    private StreamState? state = isRest ? null : new StreamState.Missing();
    private readonly OpenPartRules parts = NewParts(isRest);
    private int epoch;
    private bool isEpochKnown;

    public StreamStatus? Status { get; private set; }

    /// <summary>The last event, where that is a deletion.</summary>
    public StreamDeleted? Deleted { get; private set; }

    public IEnumerable<(string Code, string Expected, string Found)> Check(StreamEvent @event, int? writtenEpoch)
    {
        var before = state;
        var follows = TryEvolve(@event);
        var part = parts.Check(@event);
        if (!follows) yield return (FindingCode.Transition, Expected(before!), Shown(@event));
        else if (part is var (expected, found)) yield return (FindingCode.Transition, expected, found);
        if (@event is StreamCreated created && created.Id != stream)
            yield return (FindingCode.Data, $"the creation of {stream}", $"the creation of {created.Id}");
        if (follows && @event is StreamDeleted deleted && before is not null && Fenced(before) is var fenced
            && fenced != (deleted.StatusBefore, deleted.Chunks))
        {
            yield return (
                FindingCode.Transition,
                $"a deletion of a stream that was {fenced.Status.Name()}, {fenced.Chunks} chunks",
                $"of one that was {deleted.StatusBefore.Name()}, {deleted.Chunks} chunks");
        }

        if (writtenEpoch is { } written && !CheckEpoch(@event, written))
            yield return (FindingCode.Epoch, $"epoch {(@event is StreamStarted s ? s.Epoch : epoch)}", $"epoch {written}");
    }

    /// <summary>The next event may be anything.</summary>
    public void Lose()
    {
        state = null;
        isEpochKnown = false;
        parts.Lose();
    }

    private static OpenPartRules NewParts(bool isRest)
    {
        var parts = new OpenPartRules();
        if (isRest) parts.Lose();
        return parts;
    }

    private bool TryEvolve(StreamEvent @event)
    {
        if (@event is StreamNote) return state is not (StreamState.Missing or StreamState.Deleted);
        var (next, follows) = (After(@event), true);
        if (state is { } before)
        {
            try
            {
                next = StreamRules.Evolve(before, @event);
            }
            catch (UnreachableException)
            {
                follows = false;
            }
        }

        state = next;
        Status = StatusOf(next);
        Deleted = @event as StreamDeleted;
        return follows;
    }

    /// <summary>What the event alone says.</summary>
    private StreamState After(StreamEvent @event) => StreamState.After(new RecordedEvent(
        stream, Revision.None, default, default, @event, new EventContext(default, epoch, EventContext.Anonymous), default));

    /// <summary>From the start on an event carries the start's epoch; what was appended together with the start may
    /// carry it already.</summary>
    private bool CheckEpoch(StreamEvent @event, int written)
    {
        if (@event is StreamStarted started)
        {
            (epoch, isEpochKnown) = (started.Epoch, true);
            return written == started.Epoch;
        }

        var fits = isEpochKnown ? written == epoch : written >= epoch;
        if (!isEpochKnown) epoch = Math.Max(epoch, written);
        return fits;
    }

    private static (StreamStatus Status, int Chunks) Fenced(StreamState before) => before switch
    {
        StreamState.Ended s => (s.Status, s.Chunks),
        _ => (StreamStatus.Pending, 0),
    };

    private static StreamStatus StatusOf(StreamState state) => state switch
    {
        StreamState.Pending => StreamStatus.Pending,
        StreamState.Streaming => StreamStatus.Streaming,
        StreamState.Ended s => s.Status,
        StreamState.Deleted => StreamStatus.Deleted,
        _ => throw new UnreachableException($"{state} is behind no event."),
    };

    private static string Expected(StreamState state) => state switch
    {
        StreamState.Missing => "StreamCreated",
        StreamState.Pending => "StreamStarted, an ending of 0 bytes in 0 chunks, or StreamDeleted",
        StreamState.Streaming { Parts: > 0 } s =>
            $"chunk {s.Chunks} at offset {s.Length}, an event of a part, or an ending of {s.Length} bytes in {s.Chunks} chunks, all behind {PartsOf(s.Extent)}",
        StreamState.Streaming s => $"chunk {s.Chunks} at offset {s.Length}, or an ending of {s.Length} bytes in {s.Chunks} chunks",
        StreamState.Ended s => $"the end of the stream, or StreamDeleted of {s.Length} bytes in {s.Chunks} chunks",
        StreamState.Deleted => "the end of the stream",
        _ => throw new UnreachableException($"{state} is no state of a stream."),
    };

    private static string Shown(StreamEvent @event) => @event switch
    {
        StreamCreated => "StreamCreated",
        StreamStarted => "StreamStarted",
        ChunkPersisted { Text: "" } e => $"chunk {e.Index} at offset {e.Offset}, without text",
        ChunkPersisted e => $"chunk {e.Index} at offset {e.Offset}",
        PartStarted e => $"the start of part {e.Part} behind {Place(e)}",
        PartPersisted e => $"text {e.Index} of part {e.Part} at offset {e.Offset}, behind {Place(e)}",
        PartEnded e => $"the end of part {e.Part} with {e.Length} bytes, behind {Place(e)}",
        StreamCompleted e => Extent("StreamCompleted", e.Length, e.Chunks),
        StreamFailed e => Extent("StreamFailed", e.Length, e.Chunks),
        StreamCancelled e => Extent("StreamCancelled", e.Length, e.Chunks),
        StreamTimedOut e => Extent("StreamTimedOut", e.Length, e.Chunks),
        StreamDeleted e => Extent("StreamDeleted", e.Length, e.Chunks),
        StreamNote e => e.Type,
        _ => throw new UnreachableException($"{@event} is no event of a stream."),
    };

    private static string Place(PartEvent e) => $"chunk {e.Before.Chunks}, byte {e.Before.Length}, {PartsOf(e.Before)}";

    private static string PartsOf(StreamExtent extent) => $"{extent.Parts} parts of {extent.PartBytes} bytes";

    private static string Extent(string type, long length, int chunks) => $"{type} of {length} bytes in {chunks} chunks";
}
