namespace EventSourcedStreams.Domain;

/// <summary>
/// Of lifecycle events that this process writes, the hash of the event before each: <see cref="LifecycleCheck"/> need
/// not read that event again when the feed tells of the one behind it. The last few thousand are kept, each until it is
/// asked for.
/// </summary>
internal sealed class WrittenLinks
{
    private const int Most = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<EventId, ChainHash> links = [];
    private readonly Queue<EventId> order = [];

    /// <summary>Before the append goes out: the feed may tell of its events before it is answered. Where it is never
    /// written, no event has its ids.</summary>
    /// <param name="before">Of the event that the append builds on.</param>
    public void Add(EncodedAppend encoded, StreamHead before)
    {
        for (var i = 0; i < encoded.Events.Count; i++)
        {
            var isFirst = i == 0 && before.Revision == Revision.None;            // begins the chain
            var (id, type, _, _, _) = encoded.Events[i];
            if (!isFirst && EventKinds.Find(type) is { Kind: EventKind.Lifecycle })
                Add(id, i == 0 ? before.Hash : EventMetadata.ReadHash(encoded.Events[i - 1].Metadata).Hash);
        }
    }

    /// <returns>Null: this process has not written it, or too long ago.</returns>
    public ChainHash? Take(EventId id)
    {
        lock (gate) return links.Remove(id, out var before) ? before : null;
    }

    private void Add(EventId id, ChainHash before)
    {
        lock (gate)
        {
            if (!links.TryAdd(id, before)) return;
            order.Enqueue(id);
            if (order.Count > Most) links.Remove(order.Dequeue());
        }
    }
}
