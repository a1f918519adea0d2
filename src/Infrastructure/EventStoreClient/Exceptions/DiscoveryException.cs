namespace EventStore.Client;

/// <summary>No node to connect to was found, by any seed, in all attempts.</summary>
public class DiscoveryException(int maxDiscoverAttempts)
    : Exception($"Failed to discover candidate in {maxDiscoverAttempts} attempts.")
{
    public int MaxDiscoverAttempts { get; } = maxDiscoverAttempts;
}
