using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>Where in a stream a byte of its text stands, or a part begins, found by reading a few single
/// events.</summary>
internal sealed class EventPositions(StreamLog log)
{
    /// <summary>Where to begin to read for a byte of a text.</summary>
    /// <param name="offset">Less than the text's length at <paramref name="point"/>.</param>
    /// <returns>The event before the one that holds the byte; its hash is as stored.</returns>
    public async Task<StreamHead> BeforeAsync(StreamId id, StreamPoint point, long offset, CancellationToken ct)
    {
        var holds = await LastAsync(
            Revision.From(0), point.Head.Revision.Next, async revision => await BytesBeforeAsync(id, revision, ct) <= offset);
        return await HeadBeforeAsync(id, holds, ct);
    }

    /// <param name="upTo">The last revision that is looked at; it is there.</param>
    /// <returns>The part's <c>PartStarted</c>; null: it has not begun by then.</returns>
    public async Task<RecordedEvent?> StartAsync(StreamId id, int part, Revision upTo, CancellationToken ct)
    {
        var last = await LastAsync(Revision.From(0), upTo.Next, async revision => await PartsBeforeAsync(id, revision, ct) < part);
        var there = await log.ReadAtAsync(id, last, ct);
        return there.Event is StreamEvent.PartStarted e && e.Part == part ? there : null;
    }

    /// <summary>The event before one: what is read after it begins with that one.</summary>
    public Task<StreamHead> BeforeAsync(RecordedEvent recorded, CancellationToken ct) => HeadBeforeAsync(recorded.Stream, recorded.Revision, ct);

    /// <summary>The last revision of which something holds, which does so of none behind one of which it does
    /// not.</summary>
    /// <param name="from">It holds there; not asked.</param>
    /// <param name="before">It does not hold there; not asked.</param>
    public static async Task<Revision> LastAsync(Revision from, Revision before, Func<Revision, Task<bool>> holdsAsync)
    {
        while (before.Value - from.Value > 1)
        {
            var middle = Revision.From((from.Value + before.Value) / 2);
            if (await holdsAsync(middle)) from = middle;
            else before = middle;
        }

        return from;
    }

    private async Task<StreamHead> HeadBeforeAsync(StreamId id, Revision revision, CancellationToken ct) =>
        revision.Value == 0 ? StreamHead.None : (await log.ReadAtAsync(id, Revision.From(revision.Value - 1), ct)).Head;

    /// <summary>UTF-8 bytes of text before an event.</summary>
    private async Task<long> BytesBeforeAsync(StreamId id, Revision revision, CancellationToken ct)
    {
        for (var (at, isNote) = (revision, false); ; (at, isNote) = (Revision.From(at.Value - 1), true))
        {
            switch ((await log.ReadAtAsync(id, at, ct)).Event)
            {
                case StreamEvent.ChunkPersisted e: return isNote ? e.Offset + Encoding.UTF8.GetByteCount(e.Text) : e.Offset;
                case StreamEvent.PartEvent e: return e.Before.Length;
                case StreamEvent.Ending e: return e.Length;
                case StreamNote when at.Value > 0: continue;
                default: return 0;
            }
        }
    }

    /// <summary>How many parts were started before an event.</summary>
    private async Task<int> PartsBeforeAsync(StreamId id, Revision revision, CancellationToken ct)
    {
        for (var (at, isBehind) = (revision, false); ; (at, isBehind) = (Revision.From(at.Value - 1), true))
        {
            switch ((await log.ReadAtAsync(id, at, ct)).Event)
            {
                case StreamEvent.ChunkPersisted e: return e.Parts;
                case StreamEvent.PartEvent e: return isBehind ? e.After.Parts : e.Before.Parts;
                case StreamEvent.Ending e: return e.Parts;
                case StreamNote or StreamEvent.StreamStarted or StreamEvent.StreamDeleted when at.Value > 0: continue;
                default: return 0;
            }
        }
    }
}
