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

    /// <summary>The streams that have all of these labels, by the bytes of their ids; deleted ones are left
    /// out.</summary>
    /// <param name="after">The id behind which to go on; null: from the first.</param>
    Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct);

    /// <summary>What the streams have used that have ended and are there, in the order of their keys.</summary>
    Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct);

    /// <summary>Candidates for the recovery, oldest first, at most <paramref name="limit"/>: each is looked up in the
    /// log before anything is done.</summary>
    /// <param name="cursor">From the page before of the same query; null for the first. What had that place may be
    /// gone.</param>
    Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct);

    /// <summary>The nodes that drive streams now, each once.</summary>
    Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct);
}
