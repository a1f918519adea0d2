using System.Runtime.ExceptionServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a piece's bytes are.</summary>
internal enum PieceKind
{
    /// <summary>The text itself, as UTF-8.</summary>
    Text,

    /// <summary>Server-sent events, as an observer gets them.</summary>
    Events,

    /// <summary>The same with those of all parts, for observers that ask for them.</summary>
    EventsWithParts,

    /// <summary>The events themselves, for answers that are made of parts.</summary>
    Recorded,
}

/// <summary>Which events of a stream a piece begins with, and what they become.</summary>
/// <param name="After">The event before them: its hash stands for all before it.</param>
/// <param name="MaxText">UTF-8 bytes of text in it; a single batch that is larger goes alone.</param>
internal readonly record struct PieceKey(StreamId Stream, PieceKind Kind, StreamHead After, int MaxText = PieceKey.UsualText)
{
    public const int UsualText = 64 * 1024;
}

/// <summary>A part of an answer: what some events of a stream become, encoded once and shared by all that ask for
/// it.</summary>
/// <param name="To">The last event in it.</param>
/// <param name="Start">UTF-8 bytes of the stream's text before it.</param>
/// <param name="Length">UTF-8 bytes of the stream's text in it.</param>
internal sealed record TextPiece(PieceKey Key, StreamHead To, long Start, int Length, ReadOnlyMemory<byte> Bytes)
{
    public StreamHead From => Key.After;

    public bool IsEmpty => To == From;

    /// <summary>More text follows, so that these are its events for ever.</summary>
    public bool IsFull { get; init; }

    /// <summary>The stream's end is in it.</summary>
    public bool IsOver { get; init; }

    /// <summary>What kept more from being read: what was read before it is good.</summary>
    public ExceptionDispatchInfo? Fault { get; init; }

    /// <summary>Of the kind <see cref="PieceKind.Recorded"/>: its events.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; init; } = [];

    /// <summary>What it costs while it is kept.</summary>
    public long HeldBytes { get; init; }

    /// <summary>The same for every reader, and so worth keeping.</summary>
    public bool IsLasting => (IsFull || IsOver) && Fault is null && Key.MaxText == PieceKey.UsualText;
}
