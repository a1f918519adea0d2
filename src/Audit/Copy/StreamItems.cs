using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>A stream out of a store, as it is carried elsewhere.</summary>
internal static class StreamItems
{
    /// <exception cref="LogDamagedException">Names the first event that cannot be what was written; what was before it
    /// has come.</exception>
    /// <exception cref="StreamGoneException">It has been deleted since <paramref name="entry"/> was found.</exception>
    public static async IAsyncEnumerable<CarriedItem> ItemsAsync(
        this Store store, StreamEntry entry, [EnumeratorCancellation] CancellationToken ct)
    {
        if (entry.IsTombstoned)
        {
            if (entry.Tombstone is null && store.Embedded is not null)
                throw new LogDamagedException(store.Prefix.Text(entry.Id), null, "its tombstone is lost.");
            yield return new CarriedItem.Tombstone(entry.Id, entry switch
            {
                { Tombstone.Metadata: { IsEmpty: false } metadata } => metadata,
                { Deletion: { } deletion } => TombstoneMetadata.Write(deletion),
                _ => default,
            });
            yield break;
        }

        using var check = new StreamCheck(store.Prefix, entry.Id);
        var events = 0L;
        await foreach (var stored in store.EventsAsync(entry.Id, from: 0, ct))
        {
            check.Check(stored);
            events++;
            yield return new CarriedItem.Event(entry.Id, stored);
        }

        if (events == 0) throw new LogDamagedException(store.Prefix.Text(entry.Id), 0, "the store names it, and none of its events is there.");
        if (entry.Head is { } head && head > check.Head.Revision.Value)
            throw new LogDamagedException(store.Prefix.Text(entry.Id), events, $"it should go on to revision {head}.");
        yield return new CarriedItem.End(entry.Id, events, check.Head);
    }

    /// <summary>What is left of a stream that is damaged, unchecked.</summary>
    /// <param name="what">The first thing that was found.</param>
    public static async IAsyncEnumerable<CarriedItem> DamagedItemsAsync(
        this Store store, StreamId id, string what, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new CarriedItem.Damaged(id, what);
        var events = 0L;
        await using var stored = store.EventsAsync(id, from: 0, ct).GetAsyncEnumerator(ct);
        while (await MoveNextAsync(stored))
        {
            events++;
            yield return new CarriedItem.Event(id, stored.Current);
        }

        yield return new CarriedItem.End(id, events, Head: null);
    }

    private static async ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is LogDamagedException or StreamGoneException)
        {
            return false;
        }
    }
}
