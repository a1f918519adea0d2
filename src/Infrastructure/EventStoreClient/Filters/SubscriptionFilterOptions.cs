namespace EventStore.Client;

/// <summary>A subscription's filter, and how often it hears how far the server has looked.</summary>
public class SubscriptionFilterOptions
{
    /// <param name="checkpointInterval">In search windows of the filter, from 1.</param>
    public SubscriptionFilterOptions(IEventFilter filter, uint checkpointInterval = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(checkpointInterval);
        (Filter, CheckpointInterval) = (filter, checkpointInterval);
    }

    internal IEventFilter Filter { get; }

    internal uint CheckpointInterval { get; }
}
