using System.Runtime.InteropServices;

namespace EventSourcedStreams.Domain;

/// <summary>A text that grows, as its stream's batches see it: the body, or one part.</summary>
/// <param name="part">Its number; null: the body.</param>
internal sealed class GatheredText(int? part = null)
{
    private SentenceBoundary boundary;

    /// <summary>What came last.</summary>
    public GatheredRun? Run { get; private set; }

    /// <summary>Whether the text ends a sentence or a line within or right before this piece.</summary>
    public bool EndsWith(string piece) => boundary.Next(piece);

    /// <returns>The run that begins with the next piece; null: it goes on with the one that is there.</returns>
    public GatheredRun? Begin(int segment, DateTimeOffset at)
    {
        if (Run is { } there && there.Segment == segment) return null;
        // Mostly the last one is over, and its room goes on.
        Run = Run is { Segment: GatheredRun.Taken } free ? free : new GatheredRun(part);
        Run.Begin(segment, at);
        return Run;
    }
}

/// <summary>Pieces of one text between which no part starts or ends, and none is taken.</summary>
internal sealed class GatheredRun(int? part)
{
    /// <summary>No segment.</summary>
    public const int Taken = -1;

    private DateTimeOffset since;

    /// <summary>Where it stands among starts and ends; <see cref="Taken"/>: nowhere any more.</summary>
    public int Segment { get; private set; } = Taken;

    public TextBuffer Text { get; } = new();

    public void Begin(int segment, DateTimeOffset at) => (Segment, since) = (segment, at);

    public void IsOver()
    {
        Text.Clear();
        Segment = Taken;
    }

    public StreamCommand Command(string text, DateTimeOffset at) => part is { } number
        ? new StreamCommand.PersistPart(number, text, since) { At = at }
        : new StreamCommand.PersistChunk(text, since) { At = at };
}

/// <summary>Something that waits for an append: text, or the start or end of a part.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GatheredItem(GatheredRun? Run, StreamCommand? StartOrEnd);
