using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>Why none of a stream's events is there.</summary>
internal static class Absence
{
    public static AuditException Gone(StreamId id, Deletion? deletion) => new(deletion is null
        ? $"Stream {id} was deleted. The log keeps neither the actor nor the time."
        : $"Stream {id} was deleted by {deletion.By} at {TimeArgument.Show(deletion.At)}. Only its tombstone is left: "
            + $"it ended at revision {deletion.Head.Revision} with hash {deletion.Head.Hash}.");

    public static async Task<AuditException> GoneAsync(Store store, StreamId id, CancellationToken ct) =>
        Gone(id, await DeletionAsync(store, id, ct));

    /// <summary>The actor and time of the deletion of a stream with a tombstone; null where the log does not keep
    /// them.</summary>
    public static async Task<Deletion?> DeletionAsync(Store store, StreamId id, CancellationToken ct)
    {
        var name = store.Prefix.Text(id);
        if (store.Embedded is { } embedded)
        {
            await foreach (var named in embedded.StreamsAsync(name, ct))
                if (named.Name == name) return named.Tombstone is { } kept ? TombstoneMetadata.TryRead(kept.Metadata) : null;
            return null;
        }

        return (await store.TombstonedAsync(id, ct)).Deletion;
    }

    /// <summary>For a stream without a tombstone: a store whose tables name it has lost its events.</summary>
    /// <exception cref="AuditException">The store never heard of it.</exception>
    public static async Task<LogDamagedException> EmptinessAsync(Store store, StreamId id, CancellationToken ct)
    {
        var name = store.Prefix.Text(id);
        if (store.Embedded is { } embedded)
            await foreach (var named in embedded.StreamsAsync(name, ct))
                if (named.Name == name) return new LogDamagedException(name, null, "The store names it, and none of its events is there.");

        throw new AuditException($"There is no stream {id} in {store.Location}. See `streams-audit list`.");
    }
}
