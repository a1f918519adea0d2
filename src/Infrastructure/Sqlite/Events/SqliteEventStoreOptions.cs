namespace EventSourcedStreams.Sqlite;

/// <summary>Where the embedded log lives and what it may use.</summary>
internal sealed record SqliteEventStoreOptions
{
    /// <summary>A folder, on a local disk; created if it is missing. One server process at a time uses it.</summary>
    public required string Path { get; init; }

    /// <summary>Appends that wait for the writer; further ones wait in their callers until there is room. Each caller
    /// holds its own bytes anyway, so only the count is bounded here. Default 8192.</summary>
    public int MaxQueuedAppends { get; init; } = 8192;

    /// <summary>What goes into one commit at most; an append is never divided, so one that is larger goes alone.
    /// Default 8 MiB.</summary>
    public int MaxCommitBytes { get; init; } = 8 << 20;

    /// <summary>Default 4096.</summary>
    public int MaxCommitAppends { get; init; } = 4096;

    /// <summary>Streams whose last revision is kept in memory; past it all are forgotten and looked up again as they
    /// come. Default 65,536 (some 20 MiB).</summary>
    public int MaxKnownHeads { get; init; } = 65_536;

    /// <summary>Threads that read, each with its own connection; further reads wait in line. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Data and metadata that one page, and so one read transaction, may hold; a single larger event is read
    /// all the same. Default 1 MiB.</summary>
    public int MaxPageBytes { get; init; } = 1 << 20;

    /// <summary>What is kept in memory for followers of a stream (all of them share it) or of everything (each has its
    /// own). A follower that falls further behind reads pages instead. Default 256 events.</summary>
    public int FollowedEvents { get; init; } = 256;

    /// <summary>The same in bytes; the newest event is kept whatever its size. Default 128 KiB.</summary>
    public int FollowedBytes { get; init; } = 128 << 10;

    /// <summary>How long a commit waits for another connection's lock on the database before its appends are answered
    /// as unknown. Default 2 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The write-ahead log is copied into the database beside the writer when it passes this. Default 4
    /// MiB.</summary>
    public long CheckpointBytes { get; init; } = 4 << 20;

    /// <summary>Past this the writer pauses between two commits until the write-ahead log can begin anew. Default 32
    /// MiB.</summary>
    public long MaxWalBytes { get; init; } = 32 << 20;

    /// <summary>The file that the write-ahead log may keep when it begins anew: a sync of a file that grows writes its
    /// inode and its map of blocks too, one of a file that is written over does not.</summary>
    internal long KeptWalBytes => MaxWalBytes + (4 * CheckpointBytes);

    /// <summary>After this long without a commit the write-ahead log is emptied. Default 2 s.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An append that comes alone is committed on its caller's thread while the last commit took less. A
    /// slower disk would hold a thread of the pool for longer than two changes of thread cost. Default 0.5 ms; zero,
    /// which is never, on a single core, whose pool begins with a single thread.</summary>
    internal TimeSpan QuickCommit { get; init; } =
        Environment.ProcessorCount > 1 ? TimeSpan.FromMilliseconds(0.5) : TimeSpan.Zero;

    /// <summary>Called when a commit is durable and no append has been answered yet: where tests let an answer get
    /// lost.</summary>
    internal Action? Committed { get; init; }

    /// <summary>Called before the write-ahead log is copied into the database: where tests let that fail.</summary>
    internal Action? Checkpointing { get; init; }
}
