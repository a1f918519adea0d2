namespace EventSourcedStreams.Domain;

/// <summary>A stream, without its text, as it was at an event.</summary>
/// <param name="Head">That event: it stands for all before it.</param>
internal sealed record StreamPoint(StreamSummary Summary, StreamHead Head)
{
    /// <summary>The last event up to there that is no note: all content of the stream stands up to it, and its ending,
    /// where it has ended.</summary>
    public StreamHead Decisive { get; init; } = Head;

    /// <summary>UTF-8 bytes of an event's text, as a rule; at least 1.</summary>
    public int BytesAnEvent => (int)Math.Clamp(Summary.Length / Math.Max(1, Summary.Chunks), 1, TextLimits.ChunkBytes);
}
