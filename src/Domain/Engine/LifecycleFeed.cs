namespace EventSourcedStreams.Domain;

/// <summary>
/// Follows every stream's lifecycle and the nodes' requests: feeds the directory, and tells the driving of streams what
/// other nodes want or have done.
/// </summary>
internal sealed class LifecycleFeed(
    StreamLog log,
    IStreamCatalog directory,
    StreamRunners drivers,
    TimeProvider time,
    Action<Exception> onFault,
    CheckpointLag? lag = null)
{
    /// <summary>Items in one change of the directory; more wait for the next.</summary>
    private const int MaxRun = 500;

    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the directory has seen all that was in the log at the start.</summary>
    public Task CaughtUp => caughtUp.Task;

    /// <summary>Follows until cancelled; after a fault it goes on where the directory stands.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await FollowAsync(await PositionAsync(ct), ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                onFault(e);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
        }
    }

    /// <summary>Where to go on; a directory that was fed from another log, or from a later state of this one, begins
    /// anew.</summary>
    private async Task<LogPosition> PositionAsync(CancellationToken ct)
    {
        if (await directory.CheckpointAsync(ct) is not { } checkpoint) return LogPosition.Start;
        if (checkpoint.LogId == log.LogId && await log.FindAsync(checkpoint.Position, ct) == checkpoint.LastEvent)
            return checkpoint.Position;
        await directory.ResetAsync(ct);
        return LogPosition.Start;
    }

    private async Task FollowAsync(LogPosition after, CancellationToken ct)
    {
        var run = new List<FeedItem>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var items = log.FollowAllAsync(after, FeedScope.Lifecycle, over.Token).GetAsyncEnumerator(over.Token);
        await using var owned = items.ConfigureAwait(false);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (await next)
            {
                do
                {
                    Dispatch(items.Current);
                    run.Add(items.Current);
                    next = items.MoveNextAsync().AsTask();
                }
                while (run.Count < MaxRun && next is { IsCompletedSuccessfully: true, Result: true });

                await ApplyAsync(run, ct);
                if (run.Exists(item => item is FeedItem.CaughtUp)) caughtUp.TrySetResult();
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
        }
    }

    private async Task ApplyAsync(List<FeedItem> run, CancellationToken ct)
    {
        foreach (var item in Enumerable.Reverse(run))
        {
            if (IdOf(item) is not { } id) continue;
            await directory.ApplyAsync(run, new CatalogCheckpoint(log.LogId, item.Position, id), ct);
            lag?.Taken(item.Position);
            return;
        }
    }

    private static EventId? IdOf(FeedItem item) => item switch
    {
        FeedItem.Recorded r => r.Event.Id,
        FeedItem.Requested r => r.Id,
        FeedItem.Tombstoned t => t.Id,
        _ => null,
    };
}
