namespace EventSourcedStreams.Domain;

public enum FeedScope
{
    /// <summary>All but <c>ChunkPersisted</c>.</summary>
    Lifecycle,
    Everything,
}
