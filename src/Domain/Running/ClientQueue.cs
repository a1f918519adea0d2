using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// What waits for the driver's socket: text at once, durability marks as they come, the end last. Bounded by its text,
/// of which what the reader has taken and not yet sent is a part; a driver that falls further behind is dropped, and
/// the stream goes on without it. Any thread writes, one reads.
/// </summary>
/// <param name="maxChars">UTF-16 code units; a single piece that is longer passes while nothing else waits.</param>
/// <param name="memory">The node's budget, of which what waits is a part; while that is used up, much less may
/// wait.</param>
/// <remarks>
/// A token that comes alone is sent on the thread that brought it, without a hop to another; tokens that come faster
/// than <see cref="Apart"/> are gathered by the reader on a thread of its own.
/// </remarks>
internal sealed class ClientQueue(int maxChars, TimeProvider time, TextMemory? memory = null)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly ReaderSignal filled = new(); // once for each time that the reader waits
    private readonly TaskCompletionSource dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DriverBacklog backlog = new(maxChars, memory);
    private bool closed;
    private CancellationTokenRegistration leaving;
    private volatile bool readerWaits;
    private long deliveredAt;

    /// <summary>The driver was too slow, or is gone: nothing more is kept for it.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Completes when the queue is dropped, which releases a write that is stuck in a socket.</summary>
    public Task Dropped => dropped.Task;

    /// <summary>Whether the driver wants the text; an upload's driver has it already and may not want it
    /// back.</summary>
    public bool WantsText { get; init; } = true;

    /// <summary>Whether its reader has a use for durability marks; set before it reads.</summary>
    public bool WantsMarks { get; set; } = true;

    /// <summary>Whether the driver wants what is said beside the text.</summary>
    public bool WantsParts { get; init; }

    /// <summary>Told once, and under a lock, of a driver that is left before the end: whether it was too slow, or is
    /// gone.</summary>
    public Action<bool>? OnDropped { get; init; }

    /// <summary>Queues text. It is on its way after <see cref="Deliver"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void Text(string text)
    {
        if (!WantsText) return;
        lock (gate)
        {
            if (!closed && !backlog.TryAdd(text)) DropLocked(wasSlow: true);
        }
    }

    /// <summary>Queues the start of a part.</summary>
    /// <param name="offset">UTF-8 bytes of the body before it.</param>
    public void PartStarted(int part, PartStart start, long offset)
    {
        if (WantsParts) Add(new DriverPart.Started(part, start, offset));
    }

    /// <summary>Queues text of a part.</summary>
    /// <param name="offset">UTF-8 bytes of the part before it.</param>
    public void PartText(int part, long offset, string text)
    {
        if (WantsParts) Add(new DriverPart.TextCame(part, offset, text));
    }

    /// <summary>Queues the end of a part.</summary>
    /// <param name="length">UTF-8 bytes of its text.</param>
    public void PartEnded(int part, long length, PartEnd end)
    {
        if (WantsParts) Add(new DriverPart.Ended(part, length, end));
    }

    /// <summary>
    /// Wakes the reader. Call it outside of any lock: it may send on the calling thread, which takes as long as handing
    /// bytes to the server does, and never waits for the client.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void Deliver()
    {
        // Whatever this thread has queued it has seen the reader since: no lock for one that is at work.
        if (!readerWaits) return;
        var now = time.GetTimestamp();
        bool isAlone;
        lock (gate)
        {
            if (!readerWaits || backlog.IsEmpty) return;
            readerWaits = false;
            isAlone = time.GetElapsedTime(deliveredAt, now) >= Apart;
            deliveredAt = now;
        }

        if (isAlone) filled.Give();
        else Wake();
    }

    /// <param name="open">The parts that are open by then.</param>
    public void Saved(Revision revision, long length, OpenParts? open = null)
    {
        if (!WantsMarks) return;
        lock (gate)
        {
            if (closed) return;
            backlog.Add(new DriverSaved(revision, length)
            {
                Parts = WantsParts && open is { Count: > 0 } ? [.. open.All.Select(part => (part.Key, part.Value.Length))] : [],
            });
        }

        WakeIfWaiting();
    }

    public void End(DriverEnd end)
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            backlog.Add(end);
        }

        WakeIfWaiting();
    }

    /// <summary>The driver is gone: from now on nothing is kept.</summary>
    public void Drop()
    {
        lock (gate)
        {
            if (!closed) DropLocked();
        }
    }

    /// <summary>Nothing is read from it any more, whether or not the end has come.</summary>
    public void Done()
    {
        leaving.Dispose();
        lock (gate)
        {
            if (!closed) DropLocked();
            backlog.ReleaseTaken();
            backlog.ReleaseWaiting();
        }
    }

    /// <summary>
    /// What waits, some at a time, as soon as something does; the caller owns the list until the next call, to which it
    /// gives it back: then what was in it has been sent. Empty: the driver was dropped, cut its connection.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<List<DriverItem>> ReadAsync(List<DriverItem>? empty, CancellationToken ct)
    {
        empty ??= [];
        empty.Clear();
        if (leaving.Token != ct) Watch(ct);
        lock (gate) backlog.ReleaseTaken();
        while (!TryTake(ref empty, ct)) await filled.WaitAsync();
        return empty;
    }

    /// <summary>Reads all that comes, for its end alone.</summary>
    /// <returns>Null: the driver was dropped, cut its connection.</returns>
    public async Task<DriverEnd?> ReadToEndAsync(CancellationToken ct)
    {
        List<DriverItem>? items = null;
        while (true)
        {
            items = await ReadAsync(items, ct);
            if (items.Count == 0) return null;
            if (items[^1].End is { } end) return end;
        }
    }

    /// <summary>Once, rather than for each token.</summary>
    private void Watch(CancellationToken ct)
    {
        leaving.Dispose();
        leaving = ct.UnsafeRegister(static queue => ((ClientQueue)queue!).WakeIfWaiting(), this);
    }

    /// <returns>False: the reader has to wait for the signal.</returns>
    private bool TryTake(ref List<DriverItem> items, CancellationToken ct)
    {
        lock (gate)
        {
            if (backlog.TryTake(ref items) || IsDropped) return true;
            ct.ThrowIfCancellationRequested();
            filled.Reset();
            readerWaits = true;
            return false;
        }
    }

    private void Add(DriverPart part)
    {
        lock (gate)
        {
            if (!closed && !backlog.TryAdd(part)) DropLocked(wasSlow: true);
        }
    }

    private void WakeIfWaiting()
    {
        lock (gate)
        {
            if (!readerWaits) return;
            readerWaits = false;
        }

        Wake();
    }

    /// <summary>On another thread: the signal may run the reader, and what it does next, to its next wait.</summary>
    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(filled, preferLocal: false);

    private void DropLocked(bool wasSlow = false)
    {
        closed = true;
        IsDropped = true;
        OnDropped?.Invoke(wasSlow);
        backlog.ReleaseWaiting();
        dropped.TrySetResult();
        if (!readerWaits) return;
        readerWaits = false;
        Wake();
    }
}
