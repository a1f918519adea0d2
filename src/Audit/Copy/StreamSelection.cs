using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Which streams of a store are meant: some, or all of them where none is named.</summary>
internal static class StreamSelection
{
    /// <exception cref="AuditException">One that is named is not there, or is no id.</exception>
    public static async IAsyncEnumerable<StreamEntry> SelectAsync(
        this Store store, IReadOnlyCollection<string> ids, [EnumeratorCancellation] CancellationToken ct)
    {
        if (ids.Count == 0)
        {
            await foreach (var entry in store.StreamsAsync(ct)) yield return entry;
            yield break;
        }

        var gone = new HashSet<StreamId>();
        foreach (var id in ids.Select(IdOf).Distinct())
        {
            if (await LiveAsync(store, id, ct) is { } live) yield return live;
            else gone.Add(id);
        }

        // Only the list of streams has the tombstones.
        if (gone.Count == 0) yield break;
        await foreach (var entry in store.StreamsAsync(ct))
            if (gone.Remove(entry.Id)) yield return entry;
        if (gone.Count > 0) throw new AuditException($"There is no stream {string.Join(", ", gone)} in {store.Location}.");
    }

    private static async Task<StreamEntry?> LiveAsync(Store store, StreamId id, CancellationToken ct)
    {
        try
        {
            var read = await store.Bytes.ReadAsync(store.Prefix.Text(id), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
            return read is StoreRead.Page { Events: [var last] }
                ? new StreamEntry(id, last.Revision, IsTombstoned: false, Tombstone: null)
                : null;
        }
        catch (LogDamagedException)
        {
            return new StreamEntry(id, Head: null, IsTombstoned: false, Tombstone: null);
        }
    }

    private static StreamId IdOf(string id) => id.Length is > 0 and <= StreamId.MaxChars
        ? new StreamId(id)
        : throw new AuditException($"'{id}' is no id of a stream: it has 1 to {StreamId.MaxChars} characters.");
}
