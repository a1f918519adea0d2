namespace EventSourcedStreams.Domain;

/// <summary>The bounds within which a node drives streams.</summary>
internal sealed record DrivingLimits
{
    public BatchLimits Batch { get; init; } = BatchLimits.Default;

    /// <summary>Whether a source's parts are kept; else they are dropped, and the text is as ever.</summary>
    public bool Parts { get; init; } = true;

    /// <summary>UTF-8 bytes of text and parts in one stream, this many included; past it the stream ends as an error,
    /// its text kept.</summary>
    public long MaxLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>UTF-8 bytes of one stream that are not durable yet, at which its source is paused.</summary>
    public long UnsavedLimit { get; init; } = 1024 * 1024;

    /// <summary>The same over all streams of this node, where the budget of memory is not smaller: then new claims are
    /// refused, and each source is paused until its own text is durable.</summary>
    public long UnsavedTotal { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long the log may be away before a stream ends with an error.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>UTF-16 code units that wait for the driver's socket; past it the driver is dropped, the text goes on to
    /// the log.</summary>
    public int DriverQueueChars { get; init; } = 1024 * 1024;

    /// <summary>How often idle time and outages are counted.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Holds a thread for so long, by which a token is given a moment to reach its driver before the append
    /// that it makes due begins: real time, whatever clock the engine has. Null: appends begin at once.</summary>
    public Action<TimeSpan>? HandoverPause { get; init; }
}
