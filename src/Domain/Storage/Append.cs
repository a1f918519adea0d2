namespace EventSourcedStreams.Domain;

/// <summary>
/// One atomic batch at an expected head. The same value encodes to the same bytes, so sending it again is safe; anything else
/// needs another <paramref name="Id"/>.
/// </summary>
public sealed record Append(
    AppendId Id, StreamId Stream, StreamHead Expected, IReadOnlyList<StreamEvent> Events, EventContext Context);

/// <summary>How an append ended.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>Durable, now or by an earlier try of the same append.</summary>
    public sealed record Appended(StreamHead Head) : AppendResult;

    /// <summary>The stream does not end where the append expected; nothing was written. Which of the two it was (another writer's event,
    /// or this log's view lagging) is known once the event after the expected revision has been read.</summary>
    public sealed record Conflict : AppendResult;

    /// <summary>The stream has a tombstone.</summary>
    public sealed record Deleted : AppendResult;

    /// <summary>It may or may not be written, now or later. Only the same append again finds out.</summary>
    public sealed record Unknown(string Why) : AppendResult;
}
