namespace EventSourcedStreams.Domain;

/// <summary>Ends <see cref="IEventStoreReader.FollowAsync"/> after all that was delivered: the stream is gone for
/// ever.</summary>
internal sealed class StreamTombstonedException(string stream) : Exception($"Stream {stream} has a tombstone.");
