namespace EventSourcedStreams;

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
