namespace EventSourcedStreams.Client;

/// <summary>What a follower or a driver is told of a stream: its status, its text piece by piece, its end last. Text
/// comes once, in order and without gap, whatever became of the connection meanwhile.</summary>
public sealed record StreamUpdate
{
    /// <summary>Give it as <c>after</c> to go on behind this update; null: it is not durable yet (a driver's text), or
    /// the stream is gone.</summary>
    public long? Cursor { get; init; }

    /// <summary>The stream's status by then.</summary>
    public required StreamStatus Status { get; init; }

    /// <summary>A piece of text; null: this update has none.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of text before <see cref="Text"/>; null where there is none.</summary>
    public long? Offset { get; init; }

    /// <summary>UTF-8 bytes of the text that are durable; null where this update does not say.</summary>
    public long? SavedLength { get; init; }

    /// <summary>Something beside the text; null: nothing, or parts were not asked for.</summary>
    public PartUpdate? Part { get; init; }

    /// <summary>How it ended, in the last update; null before.</summary>
    public StreamEnd? End { get; init; }

    /// <summary>The text, so that writing every update out writes the stream's text.</summary>
    public override string ToString() => Text ?? "";
}
