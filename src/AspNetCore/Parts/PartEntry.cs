using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Where a part stands in its stream, and how far it has come.</summary>
/// <param name="Start">The revision of its start.</param>
/// <param name="Offset">UTF-8 bytes of the body before it.</param>
internal sealed record PartEntry(int Number, Revision Start, long Offset)
{
    /// <summary>Of its text, UTF-8 bytes.</summary>
    public long Length { get; set; }

    public PartState State { get; set; }

    /// <summary>The revision of its last event.</summary>
    public Revision Last { get; set; } = Start;

    /// <summary>Of a mark in the body: UTF-8 bytes of the body up to its end, or so far; null: it is none.</summary>
    public long? BodyEnd { get; set; }

    /// <summary>A later one stands for it.</summary>
    public bool IsReplaced { get; set; }

    public bool HasEnded => State is PartState.Done or PartState.Failed;

    /// <summary>About what it costs to know of it.</summary>
    public const int HeldBytes = 128;
}
