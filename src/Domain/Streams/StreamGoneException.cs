namespace EventSourcedStreams;

/// <summary>The stream has a tombstone: it was deleted.</summary>
public sealed class StreamGoneException(StreamId stream) : Exception($"Stream {stream} was deleted.")
{
    public StreamId Stream { get; } = stream;
}
