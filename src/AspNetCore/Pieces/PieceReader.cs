using System.Runtime.ExceptionServices;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Reads one piece from the log, and checks that its text joins.</summary>
internal sealed class PieceReader(StreamLog log)
{
    private const int MaxPageEvents = 1024;

    /// <summary>Of a fault, what was read before it comes with it.</summary>
    /// <param name="bytesAnEvent">What an event has of text, as a rule: so that a page is about a piece.</param>
    /// <exception cref="LogDamagedException">Nothing good stands before the damage.</exception>
    public async Task<TextPiece> ReadAsync(PieceKey key, int bytesAnEvent, ReadFrom from, CancellationToken ct)
    {
        IPieceEncoder encoder = key.Kind is PieceKind.Text ? new PlainText() : new JoinedFrames();
        var pageEvents = Math.Clamp((key.MaxText / bytesAnEvent) + 2, 2, MaxPageEvents);
        var (head, start, length, isFull, isOver) = (key.After, -1L, 0, false, false);
        if (head.Revision == Revision.None) start = 0;
        ExceptionDispatchInfo? fault = null;
        try
        {
            await foreach (var recorded in log.ReadAsync(key.Stream, head, pageEvents, from, ct))
            {
                var bytes = recorded.Event is StreamEvent.ChunkPersisted chunk ? Encoding.UTF8.GetByteCount(chunk.Text) : 0;
                isFull = length > 0 && length + bytes > key.MaxText;
                if (isFull || WaitsForDeletion(key, recorded)) break;
                start = Checked(recorded, start, length);
                encoder.Add(recorded);
                (head, length) = (recorded.Head, length + bytes);
                isOver = recorded.Event.IsEnding || recorded.Event is StreamEvent.StreamDeleted;
                if (isOver) break;
                isFull = length >= key.MaxText;
                if (isFull) break;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && head != key.After)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }

        return new TextPiece(key, head, Math.Max(start, 0), length, encoder.Finish()) { IsFull = isFull, IsOver = isOver, Fault = fault };
    }

    /// <summary>Its broadcast waits for the deletion that follows this ending, so that all are told the same.</summary>
    private static bool WaitsForDeletion(PieceKey key, RecordedEvent recorded) => key.Kind is PieceKind.Events && recorded.IsForDeletion;

    /// <returns>Where the piece's text begins; -1 while that is not known.</returns>
    private static long Checked(RecordedEvent recorded, long start, int length)
    {
        var there = recorded.Event switch
        {
            StreamEvent.ChunkPersisted e => e.Offset,
            StreamEvent.PartEvent e => e.Before.Length,
            StreamEvent.Ending e => e.Length,
            _ => -1,
        };
        if (there < 0) return start;
        if (start < 0) return there;
        if (there == start + length) return start;
        throw new LogDamagedException(
            recorded.Stream.Value, recorded.Revision.Value, $"it stands at byte {there} of the text, and {start + length} bytes are there before it.");
    }
}
