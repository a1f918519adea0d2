namespace EventSourcedStreams.Domain;

/// <summary>
/// Keeps a node's backlog behind its heartbeat: after an append whose outcome is unknown the log may have been away,
/// and the other nodes may be about to take this one for dead. So the next thing that this node writes is a heartbeat,
/// at once; everything else waits for it.
/// </summary>
internal sealed class HeartbeatGate
{
    private readonly Lock gate = new();
    private int doubts;
    private int settled;
    private bool beats;
    private TaskCompletionSource passed = NewSignal();
    private TaskCompletionSource wanted = NewSignal();

    /// <summary>Ends when a heartbeat is wanted before its time.</summary>
    public Task Wanted
    {
        get { lock (gate) return wanted.Task; }
    }

    /// <summary>An append's outcome is unknown.</summary>
    public void Doubt()
    {
        lock (gate)
        {
            doubts++;
            if (beats) wanted.TrySetResult();
        }
    }

    /// <summary>Waits until a heartbeat that was begun after the last doubt is durable. A node that has no heartbeat,
    /// or has lost its name, has nothing to wait for.</summary>
    public Task PassAsync(CancellationToken ct)
    {
        lock (gate) return beats && settled != doubts ? AwaitAsync(passed.Task, ct) : Task.CompletedTask;
    }

    /// <summary>To be called before a heartbeat is sent.</summary>
    /// <returns>For <see cref="Complete"/>.</returns>
    internal int Begin()
    {
        lock (gate)
        {
            if (wanted.Task.IsCompleted) wanted = NewSignal();
            return doubts;
        }
    }

    /// <summary>The heartbeat is durable.</summary>
    internal void Complete(int begun)
    {
        lock (gate)
        {
            beats = true;
            settled = begun;
            if (settled == doubts) Open();
            else wanted.TrySetResult();
        }
    }

    /// <summary>There will be no more heartbeats.</summary>
    internal void Stop()
    {
        lock (gate)
        {
            beats = false;
            Open();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AwaitAsync(Task open, CancellationToken ct)
    {
        await open.WaitAsync(ct);
        await PassAsync(ct);
    }

    private void Open()
    {
        passed.TrySetResult();
        passed = NewSignal();
    }
}
