namespace EventSourcedStreams.Domain;

/// <summary>
/// Texts, or parts of them, that were asked for lately. Within the node's budget: what was not asked for longest gives
/// way, and what was not asked for in a minute or two goes in any case, so that memory goes back after a storm.
/// </summary>
internal sealed class TextCache<TKey, TValue> : ITextCache where TKey : notnull
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> kept = [];
    private readonly LinkedList<Entry> byUse = new();
    private readonly TextMemory memory;
    private readonly TimeProvider time;
    private ITimer? cleaning;
    private bool isClosed;

    public TextCache(TextMemory memory, TimeProvider time)
    {
        (this.memory, this.time) = (memory, time);
        memory.Register(this);
    }

    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        lock (gate) return TryUseLocked(key, time.GetTimestamp(), out value);
    }

    /// <summary>What is kept under a key, under the one that follows from it, and so on.</summary>
    /// <param name="next">The key after a value's.</param>
    /// <param name="isLast">Whether none is asked for after a value.</param>
    public List<TValue> Chain(TKey first, Func<TValue, TKey> next, Func<TValue, bool> isLast)
    {
        var chain = new List<TValue>();
        lock (gate)
        {
            var now = time.GetTimestamp();
            for (var key = first; TryUseLocked(key, now, out var value); key = next(value))
            {
                chain.Add(value);
                if (isLast(value)) break;
            }
        }

        return chain;
    }

    /// <summary>Takes something in, in the place of what had the key.</summary>
    public void Set(TKey key, TValue value, long bytes)
    {
        long more;
        lock (gate)
        {
            if (isClosed) return;
            more = bytes - RemoveLocked(key);
            kept[key] = byUse.AddFirst(new Entry(key, value, bytes) { UsedAt = time.GetTimestamp() });
            cleaning ??= time.CreateTimer(_ => Clean(), null, Idle, Idle);
        }

        memory.CountCached(more);
    }

    public void Remove(TKey key)
    {
        long less;
        lock (gate) less = RemoveLocked(key);
        memory.CountCached(-less);
    }

    public long GiveWay(long bytes)
    {
        var freed = 0L;
        lock (gate)
            while (freed < bytes && byUse.Last is { } oldest) freed += RemoveLocked(oldest.Value.Key);
        memory.CountCached(-freed);
        return freed;
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            StopCleaningLocked();
        }

        GiveWay(long.MaxValue);
    }

    private void Clean()
    {
        var freed = 0L;
        lock (gate)
        {
            while (byUse.Last is { } oldest && time.GetElapsedTime(oldest.Value.UsedAt) >= Idle) freed += RemoveLocked(oldest.Value.Key);
            if (byUse.Count == 0) StopCleaningLocked();
        }

        memory.CountCached(-freed);
    }

    private bool TryUseLocked(TKey key, long now, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        if (!kept.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        byUse.Remove(node);
        byUse.AddFirst(node);
        node.Value.UsedAt = now;
        value = node.Value.Value;
        return true;
    }

    private void StopCleaningLocked()
    {
        cleaning?.Dispose();
        cleaning = null;
    }

    private long RemoveLocked(TKey key)
    {
        if (!kept.Remove(key, out var node)) return 0;
        byUse.Remove(node);
        return node.Value.Bytes;
    }

    private sealed record Entry(TKey Key, TValue Value, long Bytes)
    {
        public long UsedAt { get; set; }
    }
}
