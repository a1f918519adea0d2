using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>A list of streams that stands in a file: what is asked of it takes as long as the disk does, by no clock of
/// a test.</summary>
internal sealed class AskedCatalog(IStreamCatalog behind) : IStreamCatalog
{
    private static int asked;

    /// <summary>Calls that have not been answered yet, of all lists of the process.</summary>
    public static int Asked => Volatile.Read(ref asked);

    public Task Lost => behind.Lost;

    public Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct) => AskAsync(() => behind.CheckpointAsync(ct));

    public Task ResetAsync(CancellationToken ct) => AskAsync(async () =>
    {
        await behind.ResetAsync(ct);
        return true;
    });

    public Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct) => AskAsync(async () =>
    {
        await behind.ApplyAsync(items, checkpoint, ct);
        return true;
    });

    public Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct) => AskAsync(() => behind.ListAsync(query, ct));

    public Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct) =>
        AskAsync(() => behind.ListByIdAsync(labels, after, limit, ct));

    public Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct) => AskAsync(() => behind.UsageAsync(query, ct));

    public Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct) =>
        AskAsync(() => behind.FindDueAsync(query, cursor, limit, ct));

    public Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct) => AskAsync(() => behind.DrivingNodesAsync(ct));

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        Interlocked.Increment(ref asked);
        try
        {
            return await ask();
        }
        finally
        {
            Interlocked.Decrement(ref asked);
        }
    }
}
