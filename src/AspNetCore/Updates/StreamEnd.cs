using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>How a stream ended.</summary>
/// <param name="Status">Done, error, cancelled, timeout or deleted.</param>
public sealed record StreamEnd(StreamId Id, StreamStatus Status)
{
    /// <summary>UTF-8 bytes of its durable text; 0 where it was deleted before that could be read.</summary>
    public long Length { get; init; }

    /// <summary>Of its last event; <see cref="Revision.None"/> where it was deleted before that could be
    /// read.</summary>
    public Revision Revision { get; init; }

    /// <summary>What the source said of its end, such as <c>stop</c> or <c>length</c>; null where it said
    /// nothing.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The provider's own JSON on what the text cost; null where it gave none.</summary>
    public string? Usage { get; init; }

    /// <summary>Why it did not end well; null where it did, or was deleted.</summary>
    public StreamFailure? Error { get; init; }

    /// <summary>The text is whole: its source ended well.</summary>
    public bool IsDone => Status is StreamStatus.Done;

    /// <summary>Null: the ending is not known yet.</summary>
    internal static StreamEnd? Of(StreamId id, DriverEnd end) => end.Status is not { } status ? null : new(id, status)
    {
        Length = end.Length,
        Revision = end.Revision ?? Revision.None,
        FinishReason = end.FinishReason,
        Usage = end.Usage,
        Error = end.Error,
    };
}
