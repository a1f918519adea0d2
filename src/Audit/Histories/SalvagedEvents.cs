using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>A stream's events as stored, with those behind an event that the store itself cannot give.</summary>
internal static class SalvagedEvents
{
    private const int PageEvents = 512;

    /// <summary>One behind the other, each by its revision.</summary>
    private const int MaxNamed = 10;

    /// <returns>An event, or why the one that should stand there does not.</returns>
    /// <exception cref="StreamGoneException">The stream has a tombstone.</exception>
    public static async IAsyncEnumerable<(StoredEvent? Stored, LogDamagedException? Damage)> SalvagedEventsAsync(
        this Store store, StreamId id, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, size) = (0L, PageEvents);
        long? head = null;
        var lost = 0;
        while (true)
        {
            var (page, damage) = await ReadAsync(store, id, from, size, ct);
            if (damage is not null && size > 1)
            {
                // A page is given whole or not at all: from here on one event at a time.
                (size, head) = (1, await HeadAsync(store, id, ct));
                continue;
            }

            if (damage is not null && damage.Revision != from)
            {
                // It is the stream's end that is lost, and without that the store reads nothing of it: but its feed of
                // all streams does.
                await foreach (var stored in FedAsync(store, id, from, ct)) yield return (stored, null);
                yield return (null, damage);
                yield break;
            }

            if (damage is not null)
            {
                yield return (null, damage);
                if (head is null || await NextAsync(store, id, from, head.Value, ++lost > MaxNamed, ct) is not { } next) yield break;
                from = next;
                continue;
            }

            foreach (var stored in page!.Events)
            {
                yield return (stored, null);
                (from, lost) = (stored.Revision + 1, 0);
            }

            if (page.AtEnd || page.Events.Count == 0) yield break;
        }
    }

    private static async Task<(StoreRead.Page? Page, LogDamagedException? Damage)> ReadAsync(
        Store store, StreamId id, long from, int size, CancellationToken ct)
    {
        try
        {
            return await store.Bytes.ReadAsync(store.Prefix.Text(id), from, forward: true, size, ReadFrom.Leader, ct) switch
            {
                StoreRead.Tombstoned => throw new StreamGoneException(id),
                StoreRead.Page page => (page, null),
                _ => (new StoreRead.Page([], AtEnd: true), null),
            };
        }
        catch (LogDamagedException e)
        {
            return (null, e);
        }
    }

    private static async IAsyncEnumerable<StoredEvent> FedAsync(
        Store store, StreamId id, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        var name = store.Prefix.Text(id);
        await foreach (var stored in store.Bytes.FollowAllAsync(LogPosition.Start, new StoreFilter([name], []), ct))
        {
            if (stored is null) yield break;
            if (stored.Stream == name && stored.Revision >= from && !stored.IsTombstone) yield return stored;
        }
    }

    /// <param name="jumps">To what the log has anything of: a head may lie for any number of events.</param>
    /// <returns>The next revision; null where there is none.</returns>
    private static async Task<long?> NextAsync(Store store, StreamId id, long after, long head, bool jumps, CancellationToken ct)
    {
        if (!jumps) return after < head ? after + 1 : null;
        if (store.Embedded is not { } embedded || await embedded.FindNameAsync(store.Prefix.Text(id), ct) is not { } found) return null;
        return await embedded.InspectAsync(found, after, ct) is { Rows: [{ Revision: < StoredEvent.TombstoneRevision and var next }, ..] } ? next : null;
    }

    /// <summary>Where the stream ends, by the tables of names; null where there are none.</summary>
    private static async Task<long?> HeadAsync(Store store, StreamId id, CancellationToken ct)
    {
        if (store.Embedded is not { } embedded) return null;
        var name = store.Prefix.Text(id);
        await foreach (var named in embedded.StreamsAsync(name, ct))
            if (named.Name == name) return named.Head;
        return null;
    }
}
