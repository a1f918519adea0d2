using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The events of a stream up to a point, in order from anywhere, for an answer that goes back and forth in
/// them: a piece at a time, of which it holds the one that was read last.</summary>
internal sealed class PartEvents(StreamPieces pieces, StreamPoint point)
{
    private readonly List<StreamHead> places = [StreamHead.None];
    private TextPiece? last;

    public StreamPoint Point => point;

    /// <summary>All events after one; where pieces begin is remembered on the way.</summary>
    /// <exception cref="LogDamagedException">They are not what was written.</exception>
    /// <exception cref="LogUnavailableException">The log does not answer, or does not have all of them yet.</exception>
    public async IAsyncEnumerable<RecordedEvent> AfterAsync(StreamHead place, [EnumeratorCancellation] CancellationToken ct)
    {
        if (place.Revision >= point.Decisive.Revision) yield break;
        var first = new PieceKey(point.Summary.Id, PieceKind.Recorded, place);
        await foreach (var piece in pieces.ReadAsync(first, point.Decisive, point.BytesAnEvent, ct))
        {
            last = piece;
            if (piece.From.Revision > places[^1].Revision) places.Add(piece.From);
            foreach (var recorded in piece.Events)
                if (recorded.Revision <= point.Decisive.Revision) yield return recorded;
            // A fault behind the point is another answer's.
            if (piece.To.Revision < point.Decisive.Revision) piece.Fault?.Throw();
        }
    }

    /// <summary>The events from a revision on.</summary>
    public async IAsyncEnumerable<RecordedEvent> FromAsync(Revision revision, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = PlaceBefore(revision);
        if (last is { } near && near.From.Revision < revision && near.To.Revision >= revision)
        {
            foreach (var recorded in near.Events)
                if (recorded.Revision >= revision && recorded.Revision <= point.Decisive.Revision) yield return recorded;
            place = near.To;
        }

        await foreach (var recorded in AfterAsync(place, ct))
            if (recorded.Revision >= revision) yield return recorded;
    }

    public async ValueTask<RecordedEvent> AtAsync(Revision revision, CancellationToken ct)
    {
        await foreach (var recorded in FromAsync(revision, ct)) return recorded;
        throw new LogUnavailableException($"Stream {point.Summary.Id} cannot be read to its revision {revision} yet.");
    }

    private StreamHead PlaceBefore(Revision revision)
    {
        var (low, high) = (0, places.Count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (places[middle].Revision < revision) low = middle;
            else high = middle;
        }

        return places[low];
    }
}
