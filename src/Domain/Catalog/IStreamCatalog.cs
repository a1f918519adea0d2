namespace EventSourcedStreams.Domain;

/// <summary>
/// The list of all streams: a read model fed by lifecycle events, eventually consistent, rebuilt from the log at will.
/// </summary>
internal interface IStreamCatalog
{
    /// <summary>How far it has been fed, and from which log; null where it is empty.</summary>
    Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct);

    /// <summary>Forgets everything: another log, or one that was restored to an earlier state.</summary>
    Task ResetAsync(CancellationToken ct);

    /// <summary>Ends when what it held is lost, as by damage: from its checkpoint on, which is asked for next, it has
    /// to be fed anew.</summary>
    Task Lost { get; }

    /// <summary>Applies a run of feed items, all or nothing, and moves the checkpoint. What was applied before changes
    /// nothing. A stream of which the feed says that it is damaged is listed as such from then on, until its
    /// tombstone.</summary>
    /// <param name="checkpoint">Null where it stays: none of the items has an id.</param>
    Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct);

    /// <summary>Newest first (by creation, then by position in the log); deleted streams are left out.</summary>
    Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct);

    /// <summary>The streams that have all of these labels, by the bytes of their ids; deleted ones are left out.</summary>
    /// <param name="after">The id behind which to go on; null: from the first.</param>
    Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct);

    /// <summary>What the streams have used that have ended and are there, in the order of their keys.</summary>
    Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct);

    /// <summary>Candidates for the sweeper, oldest first, at most <paramref name="limit"/>: each is looked up in the
    /// log before anything is done.</summary>
    /// <param name="cursor">From the page before of the same query; null for the first. What had that place may be
    /// gone.</param>
    Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct);

    /// <summary>The nodes that drive streams now, each once.</summary>
    Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct);
}

/// <param name="LastEvent">The id of the event at <paramref name="Position"/>: proves that the position is of this
/// log.</param>
internal sealed record CatalogCheckpoint(string LogId, LogPosition Position, EventId LastEvent);

/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">1…200.</param>
internal sealed record CatalogQuery(StreamStatus? Status, string? Cursor, int Limit)
{
    /// <summary>Names and values that all must have, in any order; empty for any.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The streams that have all of these labels.</summary>
    /// <exception cref="ArgumentException">None is given: that would be every stream.</exception>
    public static CatalogQuery Of(Labels labels, string? cursor, int limit) => labels.Count > 0
        ? new(Status: null, cursor, limit) { Labels = [.. labels] }
        : throw new ArgumentException("Streams are asked for by one label or more.", nameof(labels));

    /// <summary>Null for any.</summary>
    public string? Source { get; init; }

    /// <summary>Created at this time or later; null: however long ago.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before this time; null: until now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Words, divided by white space, that all stand in id, title or labels, whatever their case; null for
    /// any.</summary>
    public string? Search { get; init; }

    /// <summary>Whether to count what there is on all pages, which takes longer the more there is.</summary>
    public bool WithTotal { get; init; }
}

/// <param name="NextCursor">Opaque, URL-safe; null on the last page.</param>
internal sealed record CatalogPage(IReadOnlyList<StreamSummary> Items, string? NextCursor)
{
    /// <summary>How many there are on all pages; null: that was not asked for.</summary>
    public long? Total { get; init; }
}

/// <summary>A cursor that no page has given out.</summary>
internal sealed class InvalidCursorException() : Exception("The cursor is not one that a list has given out.");

/// <summary>What the sweeper looks for.</summary>
internal abstract record DueQuery
{
    private DueQuery() { }

    /// <summary>Claimed and not ended, but for what is known to be driven.</summary>
    public sealed record Streaming : DueQuery
    {
        /// <summary>Streams that are left out.</summary>
        public IReadOnlyCollection<StreamId> Driven { get; init; } = [];

        /// <summary>Runs whose streams are left out.</summary>
        public IReadOnlyCollection<NodeRun> Alive { get; init; } = [];
    }

    public sealed record PendingSince(DateTimeOffset CreatedBefore) : DueQuery;

    /// <summary>Ended, and their retention (their own, else <paramref name="Default"/>) is over.</summary>
    public sealed record RetentionOver(DateTimeOffset Now, TimeSpan? Default) : DueQuery;

    /// <summary>Ended in order to be deleted, and not fenced.</summary>
    public sealed record CancelledForDeletion : DueQuery;

    /// <summary>Fenced by <c>StreamDeleted</c> and not yet gone.</summary>
    public sealed record DeletionCutShort : DueQuery;
}
