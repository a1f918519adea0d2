namespace EventSourcedStreams.Sqlite;

/// <summary>What waits for the writer. Bounded by count: past it a caller waits for room, in its own task.</summary>
internal sealed class WriteQueue(int capacity) : IDisposable
{
    // Not System.Threading.Lock: the writer's thread waits on it.
    private readonly object gate = new();
    private readonly Queue<WriteRequest> waiting = new();
    private readonly SemaphoreSlim room = new(capacity);
    private bool isClosed, isLent, isRoused;
    private volatile bool isIdle;
    private int count;

    /// <summary>Without the lock, so that looking again and again holds no writer up.</summary>
    public int Count => Volatile.Read(ref count);

    public ValueTask EnqueueAsync(WriteRequest request, CancellationToken ct)
    {
        if (!room.Wait(0, CancellationToken.None)) return WaitAndEnqueueAsync(request, ct);
        Enqueue(request);
        return ValueTask.CompletedTask;
    }

    /// <summary>Lends the writer's turn to a caller while nothing waits and the writer has nothing to do.</summary>
    /// <returns>True: it is the caller's until <see cref="Return"/>.</returns>
    public bool TryBorrow()
    {
        if (!isIdle) return false;
        lock (gate)
        {
            if (!isIdle || isLent || isClosed || waiting.Count > 0) return false;
            isLent = true;
            return true;
        }
    }

    /// <param name="rouse">There is something to do for the writer besides what waits.</param>
    public void Return(bool rouse)
    {
        lock (gate)
        {
            isLent = false;
            isRoused = rouse;
            if (rouse || isClosed || waiting.Count > 0) Monitor.Pulse(gate);
        }
    }

    /// <summary>Takes what is there, up to the bounds; waits only while there is nothing, or its turn is
    /// lent.</summary>
    /// <param name="wait">False: there is other work, so do not wait.</param>
    /// <returns>False once it is closed and empty.</returns>
    public bool Take(List<WriteRequest> batch, int maxCount, int maxBytes, bool wait)
    {
        lock (gate)
        {
            isIdle = wait;
            while (isLent || (waiting.Count == 0 && !isClosed && wait && !isRoused)) Monitor.Wait(gate);
            isIdle = isRoused = false;
            TakeLocked(batch, maxCount, maxBytes, mayPass: true);
            if (batch.Count == 0) return !isClosed;
        }

        room.Release(batch.Count);
        return true;
    }

    /// <summary>Takes what is there now, up to the bounds.</summary>
    public void TakeMore(List<WriteRequest> batch, int maxCount, long maxBytes)
    {
        lock (gate) TakeLocked(batch, maxCount, maxBytes, mayPass: false);
        if (batch.Count > 0) room.Release(batch.Count);
    }

    /// <param name="mayPass">A single request that is larger is taken alone.</param>
    private void TakeLocked(List<WriteRequest> batch, int maxCount, long maxBytes, bool mayPass)
    {
        var bytes = 0L;
        while (batch.Count < maxCount && waiting.TryPeek(out var next) && ((mayPass && batch.Count == 0) || bytes + next.Bytes <= maxBytes))
        {
            bytes += next.Bytes;
            batch.Add(waiting.Dequeue());
        }

        count = waiting.Count;
    }

    /// <summary>Nothing more comes in; what is there is still taken. The semaphore stays: requests that wait for room
    /// have to learn it too, and without a wait handle it holds nothing.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.PulseAll(gate);
        }
    }

    private async ValueTask WaitAndEnqueueAsync(WriteRequest request, CancellationToken ct)
    {
        await room.WaitAsync(ct).ConfigureAwait(false);
        Enqueue(request);
    }

    private void Enqueue(WriteRequest request)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                waiting.Enqueue(request);
                count = waiting.Count;
                if (count == 1 && !isLent) Monitor.Pulse(gate);
                return;
            }
        }

        // The next one in line has to learn it too.
        room.Release();
        throw new LogUnavailableException("The log has been closed.");
    }
}
