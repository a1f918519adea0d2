namespace EventStore.Client;

/// <summary>No node to connect to was found, by any seed, in all attempts.</summary>
public class DiscoveryException : Exception
{
    internal DiscoveryException(int attempts)
        : base($"Failed to discover candidate in {attempts} attempts.")
    {
    }
}
