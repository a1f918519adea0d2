namespace EventSourcedStreams;

/// <summary>The log does not hold, or not any more, the event that a reader has from it: it lags behind, or another
/// state was restored.</summary>
internal sealed class HeadNotFoundException(StreamId stream, Revision revision)
    : Exception($"Stream {stream} does not have the event at revision {revision} that was read before.");
