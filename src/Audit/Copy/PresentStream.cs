using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>What a target has of a stream already, from its beginning on, a page in memory.</summary>
internal sealed class PresentStream(IEventStoreReader? log, string name)
{
    private const int PageEvents = 256;

    private IReadOnlyList<StoredEvent> page = [];
    private int at;
    private long next;
    private bool isLast = log is null;

    public bool IsTombstoned { get; private set; }

    /// <summary>The next event there; null at the end, and for a stream that was deleted.</summary>
    public async ValueTask<StoredEvent?> NextAsync(CancellationToken ct)
    {
        if (at == page.Count && !isLast) await ReadAsync(ct);
        return at < page.Count ? page[at++] : null;
    }

    /// <summary>The last event there.</summary>
    public async Task<StoredEvent?> LastAsync(CancellationToken ct)
    {
        if (log is null) return null;
        var read = await log.ReadAsync(name, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        IsTombstoned = read is StoreRead.Tombstoned;
        return read is StoreRead.Page { Events: [var last] } ? last : null;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var read = await log!.ReadAsync(name, next, forward: true, PageEvents, ReadFrom.Leader, ct);
        IsTombstoned = read is StoreRead.Tombstoned;
        (page, isLast) = read is StoreRead.Page found ? (found.Events, found.AtEnd || found.Events.Count == 0) : ([], true);
        at = 0;
        if (page is [.., var last]) next = last.Revision + 1;
    }
}
