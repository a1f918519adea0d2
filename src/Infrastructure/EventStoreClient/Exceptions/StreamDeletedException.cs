namespace EventStore.Client;

/// <summary>The stream has a tombstone: nothing can be appended or read, ever.</summary>
public class StreamDeletedException : Exception
{
    public readonly string Stream;

    internal StreamDeletedException(string stream, Exception? cause = null)
        : base($"Event stream '{stream}' is deleted.", cause) => Stream = stream;
}
