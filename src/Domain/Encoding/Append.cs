namespace EventSourcedStreams.Domain;

/// <summary>
/// One atomic batch at an expected head. The same value encodes to the same bytes, so sending it again is safe; anything else
/// needs another <paramref name="Id"/>.
/// </summary>
public sealed record Append(
    AppendId Id, StreamId Stream, StreamHead Expected, IReadOnlyList<StreamEvent> Events, EventContext Context);

/// <summary>An append as bytes, and where its stream will end.</summary>
public sealed record EncodedAppend(IReadOnlyList<NewEvent> Events, StreamHead Head);
