namespace EventStore.Client;

/// <summary>No stream of that name has events.</summary>
public class StreamNotFoundException(string stream, Exception? exception = null)
    : Exception($"Event stream '{stream}' was not found.", exception)
{
    public readonly string Stream = stream;
}
