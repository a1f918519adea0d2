using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>
/// What a follower is told of a stream, once it is durable: its status on creation and start, its text piece by piece,
/// its end last.
/// </summary>
public sealed record StreamUpdate
{
    /// <summary>Give it as <c>after</c> to go on behind this update.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The stream's status by then.</summary>
    public required StreamStatus Status { get; init; }

    /// <summary>A piece of text, one batch; null: this update has none.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of text before <see cref="Text"/>; null where there is none.</summary>
    public long? Offset { get; init; }

    /// <summary>How it ended, in the last update; null before.</summary>
    public StreamEnd? End { get; init; }

    /// <summary>The text, so that writing every update out writes the stream's text.</summary>
    public override string ToString() => Text ?? "";

    internal static StreamUpdate Of(RecordedEvent recorded) => recorded.Event switch
    {
        StreamEvent.StreamCreated => new() { Revision = recorded.Revision, Status = StreamStatus.Pending },
        StreamEvent.StreamStarted => new() { Revision = recorded.Revision, Status = StreamStatus.Streaming },
        StreamEvent.ChunkPersisted e => new()
        {
            Revision = recorded.Revision,
            Status = StreamStatus.Streaming,
            Text = e.Text,
            Offset = e.Offset,
        },
        var last => Of(StreamEnd.Of(recorded.Stream, DriverEnd.Of(last, recorded.Revision)!)!),
    };

    internal static StreamUpdate Of(StreamEnd end) => new() { Revision = end.Revision, Status = end.Status, End = end };
}
