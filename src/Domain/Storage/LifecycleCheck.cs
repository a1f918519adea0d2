using ReadEvent = System.Func<
    EventSourcedStreams.StreamId, long, EventSourcedStreams.Domain.ReadFrom, System.Threading.CancellationToken,
    System.Threading.Tasks.Task<EventSourcedStreams.Domain.StoreRead>>;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Checks what the lifecycle feed tells against each stream's hash chain, before it is kept in the list of streams. A
/// creation begins the chain; of any other event the one before it is read, where neither the feed has just told it nor
/// this process has written the event itself.
/// </summary>
/// <param name="read">The event of a stream at a revision, as a page.</param>
/// <param name="written">The hash of the event before one that this process has written; null: not known.</param>
internal sealed class LifecycleCheck(ReadEvent read, Func<EventId, ChainHash?> written)
{
    /// <summary>Reads at one time: a store on a server answers many as fast as one.</summary>
    private const int Reads = 16;

    /// <returns>The same items in the same order; what is not the event that was written, or does not follow the one
    /// before it, as <see cref="FeedItem.Damaged"/>.</returns>
    /// <exception cref="LogUnavailableException">The log cannot be read now.</exception>
    public async Task<IReadOnlyList<FeedItem>> RunAsync(IReadOnlyList<FeedItem> run, CancellationToken ct)
    {
        var (items, told, toRead) = (new FeedItem[run.Count], new Dictionary<StreamId, RecordedEvent>(), new List<int>());
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = run[i];
            if (run[i] is not FeedItem.Recorded { Event: var recorded, Stored: not null } item) continue;
            if (recorded.Revision == Revision.From(0)) items[i] = Checked(item, ChainHash.Origin);
            else if (written(recorded.Id) is { } own) items[i] = Checked(item, own);
            else if (told.TryGetValue(recorded.Stream, out var before) && before.Revision.Next == recorded.Revision) items[i] = Checked(item, before.Hash);
            else toRead.Add(i);
            told[recorded.Stream] = recorded;
        }

        if (toRead.Count == 0) return items;
        await Parallel.ForEachAsync(
            toRead,
            new ParallelOptions { MaxDegreeOfParallelism = Reads, CancellationToken = ct },
            async (i, token) => items[i] = await ReadAndCheckAsync((FeedItem.Recorded)run[i], token));
        return items;
    }

    private async Task<FeedItem> ReadAndCheckAsync(FeedItem.Recorded item, CancellationToken ct)
    {
        var (stored, stream) = (item.Stored!, item.Event.Stream);
        try
        {
            return await TryAsync(item, ReadFrom.Anywhere, ct)
                ?? await TryAsync(item, ReadFrom.Leader, ct)
                ?? throw new LogDamagedException(stored.Stream, stored.Revision - 1, "The event is missing.");
        }
        catch (LogDamagedException e)
        {
            return FeedItem.Damaged.Of(stored, stream, e);
        }
    }

    /// <returns>Null: the event before it is not to be found there.</returns>
    private async Task<FeedItem?> TryAsync(FeedItem.Recorded item, ReadFrom from, CancellationToken ct)
    {
        var revision = item.Event.Revision.Value - 1;
        return await read(item.Event.Stream, revision, from, ct) switch
        {
            StoreRead.Tombstoned => new FeedItem.Tombstoned(item.Position, item.Event.Id, item.Event.Stream),
            StoreRead.Page { Events: [var before] } when before.Revision == revision => Checked(item, StreamCodec.StoredHash(before)),
            _ => null,
        };
    }

    private static FeedItem Checked(FeedItem.Recorded item, ChainHash before)
    {
        var stored = item.Stored!;
        using var chain = new HashChain(item.Event.Stream);
        try
        {
            var (hash, computed) = StreamCodec.Hashes(chain, before, stored);
            return hash == computed ? item : FeedItem.Damaged.Of(stored, item.Event.Stream, StreamReading.Changed(stored));
        }
        catch (LogDamagedException e)
        {
            return FeedItem.Damaged.Of(stored, item.Event.Stream, e);
        }
    }
}
