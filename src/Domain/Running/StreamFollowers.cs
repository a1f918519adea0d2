using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>Counts each stream's followers on this node: a stream that is to end with its driver does not end while it
/// has followers.</summary>
internal sealed class StreamFollowers
{
    private readonly ConcurrentDictionary<StreamId, int> counts = new();
    private int count;

    /// <summary>Over all streams.</summary>
    public int Count => Volatile.Read(ref count);

    public bool Any(StreamId stream) => counts.ContainsKey(stream);

    /// <summary>One more, until what is returned is disposed.</summary>
    public IDisposable Enter(StreamId stream)
    {
        counts.AddOrUpdate(stream, 1, (_, before) => before + 1);
        Interlocked.Increment(ref count);
        return new Following(this, stream);
    }

    private void Leave(StreamId stream)
    {
        Interlocked.Decrement(ref count);
        while (counts.TryGetValue(stream, out var before))
        {
            if (before == 1 ? counts.TryRemove(KeyValuePair.Create(stream, 1)) : counts.TryUpdate(stream, before - 1, before)) return;
        }
    }

    private sealed class Following(StreamFollowers followers, StreamId stream) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) followers.Leave(stream);
        }
    }
}
