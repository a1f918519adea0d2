using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>A store opened for reading: nothing in it is changed, and on an embedded log nothing beside it.</summary>
public sealed class Store : IAsyncDisposable
{
    /// <summary>Events asked for at a time; a page may be cut by its bytes before.</summary>
    private const int PageEvents = 512;

    /// <summary>UTF-16 code units: no server can be told to take a text of more bytes.</summary>
    private const long MaxTextChars = 1L << 30;

    private Store(StoreLocation location, StreamPrefix prefix, IEventStoreReader bytes) =>
        (Location, Prefix, Bytes) = (location, prefix, bytes);

    public StoreLocation Location { get; }

    internal StreamPrefix Prefix { get; }

    internal IEventStoreReader Bytes { get; }

    /// <summary>For what only an embedded log has (its integrity check); null for any other.</summary>
    internal SqliteEventStoreReader? Embedded => Bytes as SqliteEventStoreReader;

    /// <exception cref="AuditException">There is no such store, or it cannot be read.</exception>
    internal static async Task<Store> OpenAsync(StoreLocation location, StreamPrefix prefix, AuditContext context, CancellationToken ct) =>
        new(location, prefix, await StoreOpening.ReadAsync(location, prefix, context, ct));

    /// <param name="bytes">Disposed with the store.</param>
    internal static Store Over(StoreLocation location, StreamPrefix prefix, IEventStoreReader bytes) => new(location, prefix, bytes);

    /// <summary>The log's own identity (<c>LogNamed</c>); null where it has none.</summary>
    /// <exception cref="LogDamagedException">What should be its identity is something else.</exception>
    public Task<string?> LogIdAsync(CancellationToken ct) => LogIdentity.ReadAsync(Bytes, Prefix, ct);

    /// <summary>
    /// Every text stream of the prefix, each once, in the order in which they began, those with a tombstone included.
    /// On an embedded log in bounded memory, as its tables of names have them: so a stream whose first events, or all
    /// of them, are gone is still named. EventStoreDB has no such table: there a stream is what any event of it in
    /// <c>$all</c> names, so the whole feed is read, not lifecycle events only (a damaged stream may have none), and
    /// one small entry a stream is kept, with its <c>StreamDeleted</c>; a deleted stream stands where the first thing
    /// that is left of it does. An export has its streams in the order of their ids.
    /// </summary>
    internal IAsyncEnumerable<StreamEntry> StreamsAsync(CancellationToken ct) =>
        Bytes switch
        {
            SqliteEventStoreReader embedded => NamedAsync(embedded, ct),
            ExportLog export => export.Streams.ToAsyncEnumerable(),
            _ => FedAsync(ct),
        };

    /// <summary>Every event of every text stream of the prefix, tombstones included, in the log's order, up to the end
    /// as it is when it is reached. As stored: nothing is checked.</summary>
    /// <param name="after"><see cref="LogPosition.Start"/>, or where an earlier pass ended.</param>
    /// <exception cref="LogDamagedException">The store itself finds damage; what stands behind it cannot be reached in
    /// this way.</exception>
    internal async IAsyncEnumerable<StoredEvent> AllEventsAsync(LogPosition after, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var stored in Bytes.FollowAllAsync(after, new StoreFilter([Prefix.Texts], []), ct))
        {
            if (stored is null) yield break;
            if (stored.IsUnreadable) throw new LogDamagedException(stored.Stream, stored.Revision, "the store cannot give this event.");
            if (Prefix.TryGetText(stored.Stream, out _)) yield return stored;
        }
    }

    /// <summary>A stream's events from a revision on, as stored: nothing is checked. None where there is no such
    /// stream.</summary>
    /// <exception cref="StreamGoneException">It has a tombstone.</exception>
    /// <exception cref="LogDamagedException">The store itself finds damage.</exception>
    internal async IAsyncEnumerable<StoredEvent> EventsAsync(
        StreamId stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var read = await Bytes.ReadAsync(Prefix.Text(stream), from, forward: true, PageEvents, ReadFrom.Leader, ct);
            if (read is StoreRead.Tombstoned) throw new StreamGoneException(stream);
            if (read is not StoreRead.Page page) yield break;
            foreach (var stored in page.Events)
            {
                yield return stored;
                from = stored.Revision + 1;
            }

            if (page.AtEnd || page.Events.Count == 0) yield break;
        }
    }

    /// <summary>A stream's events, decoded, and checked as the server checks them: revisions without gap, the hash
    /// chain, the beginning. None where there is no such stream.</summary>
    /// <exception cref="StreamGoneException">It has a tombstone.</exception>
    /// <exception cref="LogDamagedException">Names the first event that cannot be what was written.</exception>
    internal async IAsyncEnumerable<RecordedEvent> CheckedEventsAsync(StreamId stream, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = StreamReading.After(Prefix, stream, Revision.None);
        var chars = 0L;
        await foreach (var stored in EventsAsync(stream, from: 0, ct))
        {
            if (reading.Read(stored) is not { } recorded) continue;
            var text = recorded.Event switch
            {
                StreamEvent.ChunkPersisted e => e.Text,
                StreamEvent.PartPersisted e => e.Text,
                _ => "",
            };
            if ((chars += text.Length) > MaxTextChars)
                throw new LogDamagedException(stored.Stream, stored.Revision, "up to here its text is longer than any text can be.");
            yield return recorded;
        }
    }

    /// <summary>What the feed of all streams has of one that is known to have a tombstone.</summary>
    internal async Task<StreamEntry> TombstonedAsync(StreamId stream, CancellationToken ct)
    {
        var (name, entry) = (Prefix.Text(stream), new StreamEntry(stream, Head: null, IsTombstoned: true, Tombstone: null));
        await foreach (var stored in Bytes.FollowAllAsync(LogPosition.Start, new StoreFilter([name], []), ct))
        {
            if (stored is null) break;
            if (stored.Stream != name) continue;
            if (stored.IsTombstone) return entry with { Tombstone = stored };
            if (stored.Type == StoredTypes.StreamDeleted) entry = entry with { LastWord = stored };
        }

        return entry;
    }

    public ValueTask DisposeAsync() => Bytes.DisposeAsync();

    private async IAsyncEnumerable<StreamEntry> NamedAsync(SqliteEventStoreReader embedded, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var named in embedded.StreamsAsync(Prefix.Texts, ct))
        {
            if (!Prefix.TryGetText(named.Name, out var id)) continue;
            yield return new StreamEntry(id, named.IsTombstoned ? null : named.Head, named.IsTombstoned, named.Tombstone);
        }
    }

    private async IAsyncEnumerable<StreamEntry> FedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // In the order of their first events: a dictionary from which nothing is removed keeps it.
        var tombstones = new Dictionary<StreamId, StoredEvent?>();
        var lastWords = new Dictionary<StreamId, StoredEvent>();
        await foreach (var stored in AllEventsAsync(LogPosition.Start, ct))
        {
            Prefix.TryGetText(stored.Stream, out var id);
            if (stored.Type == StoredTypes.StreamDeleted) lastWords[id] = stored;
            if (stored.IsTombstone) tombstones[id] = stored;
            else tombstones.TryAdd(id, null);
        }

        foreach (var (id, tombstone) in tombstones)
        {
            var last = tombstone is null
                ? await Bytes.ReadAsync(Prefix.Text(id), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct)
                : new StoreRead.Tombstoned();
            yield return new StreamEntry(
                id, last is StoreRead.Page { Events: [var head] } ? head.Revision : null, last is StoreRead.Tombstoned, tombstone)
            {
                LastWord = lastWords.GetValueOrDefault(id),
            };
        }
    }
}
