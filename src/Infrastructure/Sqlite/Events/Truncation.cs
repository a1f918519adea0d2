namespace EventSourcedStreams.Sqlite;

/// <summary>What a stream's metadata leaves of it: EventStoreDB's <c>$maxCount</c>, <c>$maxAge</c> and
/// <c>$tb</c>.</summary>
/// <param name="MaxCount">Events kept, the newest.</param>
/// <param name="MaxAge">By the log's clock.</param>
/// <param name="Before">Smaller revisions are not shown; 2^63−1: the stream is deleted, and its next event brings it
/// back without them.</param>
internal sealed record Truncation(long? MaxCount, TimeSpan? MaxAge, long? Before)
{
    /// <summary>Of a stream of metadata only the last event says anything.</summary>
    public static Truncation OfMetadata { get; } = new(1, null, null);

    public bool IsDeleted => Before == long.MaxValue;

    /// <summary>Smaller revisions are not shown, whatever their age.</summary>
    public long First(long head) => Math.Max(Before ?? 0, MaxCount is { } count ? Math.Max(0, head - count + 1) : 0);
}
