using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>Where in a stream a byte of its text stands, found by reading a few single events.</summary>
internal sealed class TextPositions(StreamLog log)
{
    /// <summary>Where to begin to read for a byte of a text.</summary>
    /// <param name="offset">Less than the text's length at <paramref name="point"/>.</param>
    /// <returns>The event before the one that holds the byte; its hash is as stored.</returns>
    public async Task<StreamHead> BeforeAsync(StreamId id, StreamPoint point, long offset, CancellationToken ct)
    {
        var (low, high) = (0L, point.Head.Revision.Value + 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (await StartOfAsync(id, Revision.From(middle), ct) <= offset) low = middle;
            else high = middle;
        }

        return low == 0 ? StreamHead.None : (await OneAsync(id, Revision.From(low - 1), ct)).Head;
    }

    /// <summary>UTF-8 bytes of text before an event.</summary>
    private async Task<long> StartOfAsync(StreamId id, Revision revision, CancellationToken ct)
    {
        for (var (at, isNote) = (revision, false); ; (at, isNote) = (Revision.From(at.Value - 1), true))
        {
            switch ((await OneAsync(id, at, ct)).Event)
            {
                case StreamEvent.ChunkPersisted e: return isNote ? e.Offset + Encoding.UTF8.GetByteCount(e.Text) : e.Offset;
                case StreamEvent.PartEvent e: return e.Before.Length;
                case StreamEvent.Ending e: return e.Length;
                case StreamNote when at.Value > 0: continue;
                default: return 0;
            }
        }
    }

    private async Task<RecordedEvent> OneAsync(StreamId id, Revision revision, CancellationToken ct) =>
        await log.ReadBackAsync(id, revision, 1, ct) is [var one]
            ? one
            : throw new LogDamagedException(id.Value, revision.Value, "The event is missing.");
}
