namespace EventSourcedStreams.Domain;

/// <summary>
/// Streams that this node has just created, as their creation left them: a driver that comes right after it claims them
/// without reading. What has happened to one meanwhile the claim finds out, which builds on the creation.
/// </summary>
internal sealed class CreatedTails
{
    private const int Most = 1024;

    /// <summary>UTF-16 code units of input: a stream with more is read when it is driven.</summary>
    private const int MostInput = 4 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, StreamTail> tails = [];
    private readonly Queue<StreamId> order = [];

    public void Add(StreamTail created)
    {
        if (created.State is not StreamState.Pending { Created: var what } || what.Input?.Length > MostInput) return;
        lock (gate)
        {
            if (!tails.TryAdd(created.Stream, created)) return;
            order.Enqueue(created.Stream);
            if (order.Count > Most) tails.Remove(order.Dequeue());
        }
    }

    /// <summary>Its caller's from now on; null: it is to be read.</summary>
    public StreamTail? Take(StreamId stream)
    {
        lock (gate) return tails.Remove(stream, out var tail) ? tail : null;
    }
}
