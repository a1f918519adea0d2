namespace EventSourcedStreams.Sqlite;

/// <summary>Which embedded log is to be read, and where its copy goes if one has to be made.</summary>
internal sealed record SqliteEventStoreReaderOptions
{
    /// <summary>The database itself: <c>log.db</c>, or a copy of it under any name. Its write-ahead log is looked for
    /// beside it.</summary>
    public required string File { get; init; }

    /// <summary>Where a private copy goes; null for the system's folder for temporary files.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Called before a copy is begun, with its folder and its bytes; again if the original was changed
    /// meanwhile.</summary>
    public Action<string, long>? Copying { get; init; }

    /// <summary>How often a follower looks for what the server has written. Default 250 ms.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(250);
}
