namespace EventSourcedStreams;

/// <summary>The stream has a tombstone: it was deleted.</summary>
public sealed class StreamGoneException(StreamId stream) : Exception($"Stream {stream} was deleted.")
{
    public StreamId Stream { get; } = stream;
}

/// <summary>The log cannot be reached, or cannot serve, for now.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is the matter and what to do, for any client; null: only to try again.</summary>
    internal string? Advice { get; init; }
}

/// <summary>The log does not hold, or not any more, the event that a reader has from it: it lags behind, or another
/// state was restored.</summary>
internal sealed class HeadNotFoundException(StreamId stream, Revision revision)
    : Exception($"Stream {stream} does not have the event at revision {revision} that was read before.");

/// <summary>What the log holds cannot be what was written. Names stream and revision, as far as they are
/// known.</summary>
public sealed class LogDamagedException(string stream, long? revision, string what, Exception? inner = null)
    : Exception($"Stream {stream}{(revision is { } r ? $", revision {r}" : "")}: {what}", inner)
{
    public string Stream { get; } = stream;

    public long? Revision { get; } = revision;

    /// <summary>The message without stream and revision.</summary>
    public string What { get; } = what;

    /// <summary>Nothing that was read is wrong: what comes before it is hidden or gone in the store.</summary>
    internal bool IsTruncation { get; init; }

    /// <summary>What stands there is another program's event, of this type; null: it should be ours, and is
    /// damaged.</summary>
    internal string? ForeignType { get; init; }
}
