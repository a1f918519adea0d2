namespace EventSourcedStreams.Domain;

/// <summary>How far the directory has come in the log, for what must not be answered before it has come so
/// far.</summary>
internal sealed class FeedReach
{
    private readonly Lock gate = new();
    private readonly List<(LogPosition Place, TaskCompletionSource Signal)> waiting = [];
    private LogPosition reached;

    /// <summary>Completes when the directory has taken in what stands at a place, and all before.</summary>
    public async Task WaitAsync(LogPosition place, CancellationToken ct)
    {
        (LogPosition Place, TaskCompletionSource Signal) waits;
        lock (gate)
        {
            if (reached >= place) return;
            waits = (place, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            waiting.Add(waits);
        }

        try
        {
            await waits.Signal.Task.WaitAsync(ct);
        }
        finally
        {
            lock (gate) waiting.Remove(waits);
        }
    }

    /// <param name="place">An earlier one than before: the directory is filled anew.</param>
    public void At(LogPosition place)
    {
        lock (gate)
        {
            reached = place;
            foreach (var (_, signal) in waiting.Where(each => each.Place <= place)) signal.TrySetResult();
        }
    }
}
