using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Testing;

/// <summary>
/// A log of bytes in memory. Several on one store behave as several processes on one database. A follower holds its
/// place and no queue, so a slow one costs nothing: what it has not yet asked for stays in the store.
/// </summary>
internal sealed class InMemoryEventStore(InMemoryStore store) : IEventStore
{
    /// <summary>Events that a follower takes at once.</summary>
    private const int PageEvents = 64;

    public bool IsExclusive => false;

    public Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(events.Count);
        return ct.IsCancellationRequested
            ? Task.FromCanceled<AppendOutcome>(ct)
            : Task.FromResult(store.Append(stream, expected, events));
    }

    public Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return ct.IsCancellationRequested
            ? Task.FromCanceled<StoreRead>(ct)
            : Task.FromResult(store.Read(stream, from, forward, maxCount));
    }

    public async IAsyncEnumerable<StoredEvent> FollowAsync(
        string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            // Taken before the read, so that what is written after it is not slept through.
            var more = store.More;
            var page = store.Read(stream, from, forward: true, PageEvents) switch
            {
                StoreRead.Tombstoned => throw new StreamTombstonedException(stream),
                StoreRead.Page found => found,
                _ => new StoreRead.Page([], AtEnd: true),
            };
            foreach (var stored in page.Events)
            {
                ct.ThrowIfCancellationRequested();
                from = stored.Revision + 1;
                yield return stored;
            }

            if (page.AtEnd) await more.WaitAsync(ct);
        }
    }

    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var position = after.Commit;
        var saidSo = false;
        while (true)
        {
            var (next, lookedAt, more) = store.NextAfter(position, filter);
            position = lookedAt;
            ct.ThrowIfCancellationRequested();
            if (next is not null || !saidSo) yield return next;
            saidSo = next is null;
            if (next is null) await more.WaitAsync(ct);
        }
    }

    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) =>
        ct.IsCancellationRequested ? Task.FromCanceled<StoredEvent?>(ct) : Task.FromResult(store.Find(position));

    public Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        ct.IsCancellationRequested
            ? Task.FromCanceled<AppendOutcome>(ct)
            : Task.FromResult(store.Tombstone(stream, expected, id, metadata));

    public Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return Task.FromCanceled(ct);
        store.SetLimits(stream, limits);
        return Task.CompletedTask;
    }

    /// <summary>The store remains: it is shared.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
