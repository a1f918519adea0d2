using System.Runtime.ExceptionServices;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Reads one piece from the log, and checks that its text joins.</summary>
internal sealed class PieceReader(StreamLog log)
{
    private const int MaxPageEvents = 1024;

    /// <summary>UTF-8 bytes of parts that a piece without them passes over at most, and of notes: more is another
    /// piece's.</summary>
    private const int MaxPassed = 2 * 1024 * 1024;

    /// <summary>What the start or the end of a part counts as, beside its detail; and what a note counts as.</summary>
    private const int PartOverhead = 256;

    /// <summary>What an event costs that is kept as it is.</summary>
    private const int EventOverhead = 512;

    /// <summary>Of a fault, what was read before it comes with it.</summary>
    /// <param name="bytesAnEvent">What an event has of text, as a rule: so that a page is about a piece.</param>
    /// <exception cref="LogDamagedException">Nothing good stands before the damage.</exception>
    public async Task<TextPiece> ReadAsync(PieceKey key, int bytesAnEvent, ReadFrom from, CancellationToken ct)
    {
        var encoder = EncoderOf(key.Kind);
        var withParts = key.Kind is PieceKind.EventsWithParts or PieceKind.Recorded;
        var pageEvents = Math.Clamp((key.MaxText / bytesAnEvent) + 2, 2, MaxPageEvents);
        var (head, start, length, isFull, isOver) = (key.After, -1L, 0, false, false);
        if (head.Revision == Revision.None) start = 0;
        var (size, passed) = (0, 0L);
        ExceptionDispatchInfo? fault = null;
        try
        {
            await foreach (var recorded in log.ReadAsync(key.Stream, head, pageEvents, from, ct))
            {
                var bytes = recorded.Event is StreamEvent.ChunkPersisted chunk ? Encoding.UTF8.GetByteCount(chunk.Text) : 0;
                var beside = recorded.Event switch
                {
                    StreamEvent.PartEvent part => part.Bytes + PartOverhead,
                    StreamNote => PartOverhead,
                    _ => 0,
                };
                var adds = withParts ? bytes + (int)beside : bytes;
                isFull = size > 0 && size + adds > key.MaxText;
                if (isFull || WaitsForDeletion(key, recorded)) break;
                start = Checked(recorded, start, length);
                encoder.Add(recorded);
                (head, length) = (recorded.Head, length + bytes);
                isOver = recorded.Event.IsEnding || recorded.Event is StreamEvent.StreamDeleted;
                if (isOver) break;
                (size, passed) = (size + adds, passed + beside);
                isFull = size >= key.MaxText || passed >= MaxPassed;
                if (isFull) break;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && head != key.After)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }

        var encoded = encoder.Finish();
        var events = (encoder as RecordedEvents)?.All ?? [];
        return new TextPiece(key, head, Math.Max(start, 0), length, encoded)
        {
            IsFull = isFull,
            IsOver = isOver,
            Fault = fault,
            Events = events,
            HeldBytes = encoded.Length + (events.Count * (long)EventOverhead) + (events.Count > 0 ? 2L * size : 0),
        };
    }

    private static IPieceEncoder EncoderOf(PieceKind kind) => kind switch
    {
        PieceKind.Text => new PlainText(),
        PieceKind.Events => new JoinedFrames(),
        PieceKind.EventsWithParts => new JoinedFrames(withParts: true),
        PieceKind.Recorded => new RecordedEvents(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };

    /// <summary>Its broadcast waits for the deletion that follows this ending, so that all are told the same.</summary>
    private static bool WaitsForDeletion(PieceKey key, RecordedEvent recorded) => key.Kind is PieceKind.Events or PieceKind.EventsWithParts && recorded.IsForDeletion;

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
