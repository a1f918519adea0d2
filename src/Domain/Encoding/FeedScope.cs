namespace EventSourcedStreams.Domain;

internal enum FeedScope
{
    /// <summary>All but content, and what else <c>EventKinds</c> leaves out of it.</summary>
    Lifecycle,
    Everything,
}
