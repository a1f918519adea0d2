using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// The one budget of a node's memory for text: what is not durable yet, what waits for drivers and observers, what is
/// on its way to readers, and what caches hold. Caches give way first; then readings wait for their turn and claims are
/// refused. What runs is counted and never refused.
/// </summary>
/// <param name="limit">Bytes.</param>
internal sealed class TextMemory(long limit = TextMemory.UsualLimit)
{
    /// <summary>Where nothing is known of the machine.</summary>
    public const long UsualLimit = 256L * 1024 * 1024;

    /// <summary>What one reading of a text counts for: a piece of the text, and what the server holds of it for the
    /// socket.</summary>
    public const long ReadingBytes = 128 * 1024;

    private const long MostUnsaved = 256L * 1024 * 1024;

    /// <summary>More would serve rare readers and keep memory from others.</summary>
    private const long MostCached = 256L * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> waiting = [];
    private ITextCache[] caches = [];
    private long running;
    private long reading;
    private long cached;
    private volatile bool hasWaiting;

    public long Limit => limit;

    /// <summary>Text that is not durable yet, over all streams: at most the smaller of 256 MiB and half of the
    /// budget.</summary>
    public long UnsavedLimit => Math.Min(MostUnsaved, limit / 2);

    /// <summary>Readings may take half of the budget, so that they never keep text from being written.</summary>
    public long ReadingLimit => limit / 2;

    /// <summary>Bytes that are in use; caches are not.</summary>
    public long Held => Volatile.Read(ref running) + Volatile.Read(ref reading);

    public long Cached => Volatile.Read(ref cached);

    public bool IsFull => Held >= limit;

    /// <summary>How many readings wait for their turn.</summary>
    public int Waiting
    {
        get { lock (gate) return waiting.Count; }
    }

    /// <summary>Counts what running streams hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void Hold(long bytes)
    {
        Interlocked.Add(ref running, bytes);
        if (Cached > 0) LetCachesGiveWay();
    }

    public void Release(long bytes)
    {
        Interlocked.Add(ref running, -bytes);
        if (hasWaiting) Admit();
    }

    /// <summary>A turn to read a text, which lasts until it is disposed; null: none came in time. In the order of
    /// asking.</summary>
    public async ValueTask<TextReading?> EnterAsync(TimeSpan wait, TimeProvider time, CancellationToken ct)
    {
        if (!hasWaiting && TryEnter()) return new TextReading(this);
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turnInTime = turn.Task.WaitAsync(wait, time, ct);                    // before it is seen to wait
        LinkedListNode<TaskCompletionSource> place;
        lock (gate)
        {
            place = waiting.AddLast(turn);
            hasWaiting = true;
        }

        Admit();
        try
        {
            await turnInTime;
            return new TextReading(this);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (!TryLeave(place)) return new TextReading(this).OrEnded(ct);     // its turn came in the same moment
            if (e is TimeoutException) return null;
            throw;
        }
    }

    internal void Leave(long bytes)
    {
        Interlocked.Add(ref reading, -bytes);
        if (hasWaiting) Admit();
    }

    /// <summary>Makes a cache known, which gives way when it is asked to.</summary>
    internal void Register(ITextCache cache)
    {
        lock (gate) caches = [.. caches, cache];
    }

    /// <summary>Nothing is cached any more: the node stops.</summary>
    public void Close()
    {
        foreach (var cache in Volatile.Read(ref caches)) cache.Close();
    }

    /// <summary>A cache has taken something in, or let go of it.</summary>
    internal void CountCached(long bytes)
    {
        Interlocked.Add(ref cached, bytes);
        if (bytes > 0) LetCachesGiveWay();
    }

    /// <summary>More for one that reads already, while none waits and readings have half of what they may have: a
    /// client that takes much at a time keeps no other from its turn.</summary>
    internal bool TryHoldMore(long bytes)
    {
        while (!hasWaiting)
        {
            var now = Interlocked.Read(ref reading);
            if (now + bytes > ReadingLimit / 2 || Interlocked.Read(ref running) + now + bytes > limit) return false;
            if (Interlocked.CompareExchange(ref reading, now + bytes, now) != now) continue;
            if (Cached > 0) LetCachesGiveWay();
            return true;
        }

        return false;
    }

    private bool TryEnter()
    {
        while (true)
        {
            var now = Interlocked.Read(ref reading);
            if (now > 0 && (now + ReadingBytes > ReadingLimit || Interlocked.Read(ref running) + now + ReadingBytes > limit)) return false;
            if (Interlocked.CompareExchange(ref reading, now + ReadingBytes, now) != now) continue;
            if (Cached > 0) LetCachesGiveWay();
            return true;
        }
    }

    private void Admit()
    {
        lock (gate)
        {
            while (waiting.First is { } first && TryEnter())
            {
                waiting.Remove(first);
                first.Value.SetResult();
            }

            hasWaiting = waiting.Count > 0;
        }
    }

    private bool TryLeave(LinkedListNode<TaskCompletionSource> place)
    {
        lock (gate)
        {
            if (place.List is null) return false;
            waiting.Remove(place);
            hasWaiting = waiting.Count > 0;
            return true;
        }
    }

    /// <summary>Outside of any lock of a cache.</summary>
    private void LetCachesGiveWay()
    {
        var excess = Cached - Math.Min(MostCached, Math.Max(0, limit - Held));
        foreach (var cache in Volatile.Read(ref caches))
        {
            if (excess <= 0) return;
            excess -= cache.GiveWay(excess);
        }
    }
}

/// <summary>A turn to read a text.</summary>
internal sealed class TextReading(TextMemory memory) : IDisposable
{
    private TextMemory? memory = memory;
    private long held = TextMemory.ReadingBytes;

    /// <summary>Counts so much more for this reading; false: there is not so much to spare. For its one
    /// reader.</summary>
    /// <param name="bytes">Until it is disposed.</param>
    public bool TryHold(long bytes)
    {
        if (memory?.TryHoldMore(bytes) != true) return false;
        held += bytes;
        return true;
    }

    public void Dispose() => Interlocked.Exchange(ref memory, null)?.Leave(held);

    internal TextReading OrEnded(CancellationToken ct)
    {
        if (!ct.IsCancellationRequested) return this;
        Dispose();
        throw new OperationCanceledException(ct);
    }
}

/// <summary>A cache of text, which holds only what nothing else needs.</summary>
internal interface ITextCache
{
    /// <summary>Lets go of what was not asked for longest, so many bytes of it or all.</summary>
    /// <returns>How many bytes it let go of.</returns>
    long GiveWay(long bytes);

    /// <summary>Lets go of all, and takes nothing in any more.</summary>
    void Close();
}
