namespace EventSourcedStreams.Domain;

/// <summary>The list of streams as clients get it: whole, or not at all.</summary>
internal sealed class StreamListing(IStreamCatalog catalog, LifecycleFeed feed, TimeProvider time)
{
    /// <summary>How long a list waits that is being filled.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A kilobyte or so each.</summary>
    private const int PageStreams = 1000;

    /// <inheritdoc cref="LifecycleFeed.Applied"/>
    public (LogPosition Position, Task Moved) Applied => feed.Applied;

    /// <summary>One page. A list that is being filled from the log's beginning is waited for.</summary>
    /// <exception cref="LogUnavailableException">It takes longer: a part of the list would look like the
    /// whole.</exception>
    public Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken ct) =>
        WholeAsync(() => catalog.ListAsync(query, ct), ct);

    /// <inheritdoc cref="IStreamCatalog.ListByIdAsync"/>
    /// <exception cref="LogUnavailableException">As above.</exception>
    public Task<IReadOnlyList<StreamSummary>> ByIdAsync(Labels labels, StreamId? after, CancellationToken ct) =>
        WholeAsync(() => catalog.ListByIdAsync(labels, after, PageStreams, ct), ct);

    /// <inheritdoc cref="IStreamCatalog.UsageAsync"/>
    /// <exception cref="LogUnavailableException">As above.</exception>
    public Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct) =>
        WholeAsync(() => catalog.UsageAsync(query, ct), ct);

    private Task<T> WholeAsync<T>(Func<Task<T>> ask, CancellationToken ct) => TimeLimit.WithinAsync(
        Limit,
        time,
        async token =>
        {
            while (true)
            {
                var filled = feed.Filled;
                await filled.WaitAsync(token);
                var page = await ask();
                if (feed.Filled == filled) return page;                          // else it was lost meanwhile
            }
        },
        () => throw new LogUnavailableException("The list of streams is being made anew from the log.")
        {
            Advice = "The list of streams is being made anew from the log, which takes longer the more there is in it. "
                + "Ask again in a moment; each stream can be queried meanwhile.",
        },
        ct);
}
