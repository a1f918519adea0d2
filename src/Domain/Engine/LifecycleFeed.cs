namespace EventSourcedStreams.Domain;

/// <summary>
/// Follows every stream's lifecycle and the nodes' requests: feeds the catalog, and tells the driving of streams what
/// other nodes want or have done.
/// </summary>
internal sealed class LifecycleFeed(
    StreamLog log,
    IStreamCatalog catalog,
    StreamRunners drivers,
    TimeProvider time,
    Action<Exception> onFault,
    CheckpointLag? lag = null,
    Action? onJob = null)
{
    /// <summary>Items in one change of the catalog; more wait for the next.</summary>
    private const int MaxRun = 500;

    private readonly TaskCompletionSource caughtUp = NewSignal();
    private readonly Lock gate = new();
    private TaskCompletionSource filled = NewSignal();
    private TaskCompletionSource moved = NewSignal();
    private LogPosition applied;
    private bool isFilling;
    private string? said;

    /// <summary>Completes when the catalog has seen all that was in the log at the start.</summary>
    public Task CaughtUp => caughtUp.Task;

    /// <summary>Completed unless the catalog is being filled from the log's beginning, or has to be: then it
    /// completes when that is done. Another task than before: it was lost meanwhile.</summary>
    public Task Filled
    {
        get
        {
            lock (gate)
            {
                if (catalog.Lost.IsCompleted) BeginFillingLocked();
                return filled.Task;
            }
        }
    }

    /// <summary>How far the catalog has come, and what completes when it comes further.</summary>
    public (LogPosition Position, Task Moved) Applied
    {
        get
        {
            lock (gate) return (applied, moved.Task);
        }
    }

    /// <summary>Completes when the catalog has taken in what stands at a place in the log, and all before.</summary>
    public async Task ReachedAsync(LogPosition place, CancellationToken ct)
    {
        while (Applied is var (position, moved) && position < place) await moved.WaitAsync(ct);
    }

    /// <summary>Follows until cancelled; after a fault it goes on where the catalog stands. The same fault again is
    /// told once.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await FollowAsync(await PositionAsync(ct), ct);
                if (catalog.Lost.IsCompleted) continue;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                if (said != e.Message) onFault(e);
                said = e.Message;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
        }
    }

    /// <summary>Where to go on; a catalog that was fed from another log, or from a later state of this one, begins
    /// anew.</summary>
    private async Task<LogPosition> PositionAsync(CancellationToken ct)
    {
        _ = Filled;                                                              // before its loss is forgotten
        var checkpoint = await catalog.CheckpointAsync(ct);
        if (checkpoint is not null && await IsThereAsync(checkpoint, ct))
        {
            lock (gate)
                if (!isFilling) filled.TrySetResult();
            MoveTo(checkpoint.Position);
            return checkpoint.Position;
        }

        lock (gate) BeginFillingLocked();
        MoveTo(LogPosition.Start);
        if (checkpoint is not null) await catalog.ResetAsync(ct);
        return LogPosition.Start;
    }

    /// <summary>An event that is damaged there does not make what was read before it wrong.</summary>
    private async Task<bool> IsThereAsync(CatalogCheckpoint checkpoint, CancellationToken ct)
    {
        if (checkpoint.LogId != log.LogId) return false;
        try
        {
            return await log.FindAsync(checkpoint.Position, ct) == checkpoint.LastEvent;
        }
        catch (LogDamagedException)
        {
            return true;
        }
    }

    private void BeginFillingLocked()
    {
        isFilling = true;
        if (filled.Task.IsCompleted) filled = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FollowAsync(LogPosition after, CancellationToken ct)
    {
        var run = new List<FeedItem>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var items = log.FollowAllAsync(after, over.Token).GetAsyncEnumerator(over.Token);
        await using var owned = items.ConfigureAwait(false);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (await IsNextAsync(next))
            {
                do
                {
                    Dispatch(items.Current);
                    run.Add(items.Current);
                    next = items.MoveNextAsync().AsTask();
                }
                while (run.Count < MaxRun && next is { IsCompletedSuccessfully: true, Result: true });

                await ApplyAsync(run, ct);
                if (run.Find(item => item is FeedItem.CaughtUp) is { } end) await HasCaughtUpAsync(end.Position, ct);
                run.Clear();
            }
        }
        finally
        {
            // What could not be applied leaves the next item under way, and nothing is given back while it is.
            await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False: there is none, or the catalog has to be fed anew.</returns>
    private async Task<bool> IsNextAsync(Task<bool> next)
    {
        if (!next.IsCompleted) await Task.WhenAny(next, catalog.Lost);
        return !catalog.Lost.IsCompleted && await next;
    }

    private async Task HasCaughtUpAsync(LogPosition upTo, CancellationToken ct)
    {
        if (isFilling) await new OpenStreamsCheck(log, catalog).RunAsync(upTo, ct);
        said = null;
        caughtUp.TrySetResult();
        lock (gate)
        {
            if (catalog.Lost.IsCompleted) return;
            isFilling = false;
            filled.TrySetResult();
        }
    }

    private void Dispatch(FeedItem item)
    {
        switch (item)
        {
            case FeedItem.Requested { Request: var request, Context: var context }:
                var cancel = new StreamCommand.Cancel(context.Actor, request.Reason, request.At)
                {
                    At = time.GetUtcNow(),
                    ForDeletion = context.CausationId,
                };
                drivers.End(request.Id, cancel, request.Epoch);
                break;
            case FeedItem.Recorded { Event: { Event: { IsEnding: true } or StreamEvent.StreamDeleted } last }:
                drivers.OvertakenBy(last);
                break;
            case FeedItem.JobRequested:
                onJob?.Invoke();
                break;
        }
    }

    private async Task ApplyAsync(List<FeedItem> run, CancellationToken ct)
    {
        var items = await log.CheckedAsync(run, ct);
        var last = items.LastOrDefault(item => IdOf(item) is not null);
        if (last is null && !items.Any(item => item is FeedItem.Damaged)) return;
        await catalog.ApplyAsync(items, last is null ? null : new CatalogCheckpoint(log.LogId, last.Position, IdOf(last)!.Value), ct);
        if (last is not null) lag?.Taken(last.Position);
        MoveTo(last?.Position);
    }

    /// <param name="position">Null: it stays, and what is listed is another all the same.</param>
    private void MoveTo(LogPosition? position)
    {
        TaskCompletionSource waited;
        lock (gate)
        {
            applied = position ?? applied;
            (waited, moved) = (moved, NewSignal());
        }

        waited.SetResult();
    }

    private static EventId? IdOf(FeedItem item) => item switch
    {
        FeedItem.Recorded r => r.Event.Id,
        FeedItem.Requested r => r.Id,
        FeedItem.JobRequested j => j.Id,
        FeedItem.Tombstoned t => t.Id,
        FeedItem.Damaged d => d.Id,
        _ => null,
    };
}
