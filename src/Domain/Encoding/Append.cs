namespace EventSourcedStreams.Domain;

/// <summary>
/// One atomic batch at an expected head. The same value encodes to the same bytes, so sending it again is safe;
/// anything else needs another <paramref name="Id"/>.
/// </summary>
/// <param name="Contexts">One for each event: writer, actor and cause are an event's own.</param>
internal sealed record Append(
    AppendId Id, StreamId Stream, StreamHead Expected, IReadOnlyList<StreamEvent> Events, IReadOnlyList<EventContext> Contexts)
{
    /// <param name="context">Of every event.</param>
    public Append(AppendId id, StreamId stream, StreamHead expected, IReadOnlyList<StreamEvent> events, EventContext context)
        : this(id, stream, expected, events, [.. Enumerable.Repeat(context, events.Count)])
    {
    }
}

/// <summary>An append as bytes, and where its stream will end.</summary>
internal sealed record EncodedAppend(IReadOnlyList<NewEvent> Events, StreamHead Head);
