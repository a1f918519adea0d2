namespace EventStore.Client;

/// <summary>The stream has a tombstone: nothing can be appended or read, ever.</summary>
public class StreamDeletedException(string stream, Exception? exception = null)
    : Exception($"Event stream '{stream}' is deleted.", exception)
{
    public readonly string Stream = stream;
}
