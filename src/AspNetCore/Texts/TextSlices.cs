using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The text of a stream as it was at a point, or a part of it, as shared bytes, a piece at a time.</summary>
internal sealed class TextSlices(StreamPieces pieces, EventPositions positions, TextMemory memory, TimeProvider time)
{
    /// <summary>How long a request waits for its turn to read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is less than this is read by itself; a piece that others may want, too, is larger.</summary>
    private const int SmallPart = 16 * 1024;

    public TimeProvider Time => time;

    /// <summary>A turn to read, while which lasts the text may be sent.</summary>
    /// <exception cref="RefusedException">None came in time.</exception>
    public async ValueTask<TextReading> EnterAsync(CancellationToken ct) =>
        await memory.EnterAsync(Patience, time, ct) ?? throw new RefusedException(Refusals.Busy());

    /// <summary>All of it, where it was read before, and so nothing can be wrong with it behind the first byte; else
    /// null.</summary>
    public KeptPieces? Kept(StreamPoint point) => pieces.Kept(new(point.Summary.Id, PieceKind.Text, StreamHead.None), point.Decisive);

    /// <param name="from">The first byte, of UTF-8.</param>
    /// <param name="to">Behind the last byte; at most the text's length at that point.</param>
    /// <exception cref="LogDamagedException">The text is not what was written, or not all of it is there.</exception>
    /// <exception cref="LogUnavailableException">The log does not answer, or does not have all of it yet.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        StreamPoint point, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (from >= to) yield break;
        var (at, isWhole) = (from, to == point.Summary.Length);
        await foreach (var piece in pieces.ReadAsync(await FirstAsync(point, from, to, ct), point.Decisive, point.BytesAnEvent, ct))
        {
            // A fault behind the point is another answer's.
            if (piece.To.Revision < point.Decisive.Revision) piece.Fault?.Throw();
            var end = piece.Start + piece.Length;
            if (piece.Length > 0 && piece.Start > at) throw Torn(point, at);
            if (piece.Length > 0 && end > at && at < to)
            {
                yield return piece.Bytes[(int)(at - piece.Start)..(int)(Math.Min(end, to) - piece.Start)];
                at = Math.Min(end, to);
            }

            if (at == to && !isWhole) break; // of a whole text the end is checked, too
        }

        if (at < to) throw Torn(point, at);
    }

    private async Task<PieceKey> FirstAsync(StreamPoint point, long from, long to, CancellationToken ct)
    {
        var id = point.Summary.Id;
        var key = new PieceKey(id, PieceKind.Text, StreamHead.None);
        if (pieces.Before(id, from) is { } kept) return key with { After = kept };
        if (to - from < SmallPart && to - from < point.Summary.Length) key = key with { MaxText = (int)(to - from) };
        return from == 0 ? key : key with { After = await positions.BeforeAsync(id, point, from, ct) };
    }

    private static LogDamagedException Torn(StreamPoint point, long at) => new(
        point.Summary.Id.Value, null, $"it has {point.Summary.Length} bytes by its revision {point.Head.Revision}, and what is there does not go on at byte {at}.");
}
