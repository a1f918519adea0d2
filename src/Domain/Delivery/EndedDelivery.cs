namespace EventSourcedStreams.Domain;

/// <summary>
/// Hands every stream that ends to one handler: in the log's order, one at a time, at least once, on the node that
/// holds the lease. A handler that throws gets the same stream again, and holds up nothing but its own endings.
/// </summary>
internal sealed class EndedDelivery(
    EndedHandler handler, HandlerLease lease, StreamLog log, TimeProvider time, Action<string, StreamId, Exception> onFault)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>While endings come faster than this, they share a checkpoint: what a crash makes the handler see
    /// again.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How far this process has come, noted or not.</summary>
    private LogPosition handled;
    private LogPosition noted;
    private long notedAt;

    private long handlingSince = -1;

    public string Handler => handler.Name;

    /// <summary>For how long the ending in hand has waited for its handler; zero where none waits.</summary>
    public TimeSpan Lag => Interlocked.Read(ref handlingSince) is >= 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>What keeps the handler's endings waiting, in words; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="stop">No further ending is begun.</param>
    /// <param name="giveUp">The handler and what is being noted are given up.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                noted = await lease.AcquireAsync(stop);
                Problem = null;
                await DeliverAsync(noted > handled ? noted : handled, stop, giveUp);
            }
            catch (LogUnavailableException)
            {
                // The log's own health says so.
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested || giveUp.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // a cancellation that was not asked for is one too
            {
                Problem = $"What ends is not handed to '{handler.Name}' now ({e.GetType().Name}); it is tried again.";
                onFault(handler.Name, default, e);
            }

            await Task.Delay(FirstPause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when another run holds the lease, or it is stopped.</summary>
    private async Task DeliverAsync(LogPosition after, CancellationToken stop, CancellationToken giveUp)
    {
        var streams = new EndedStreams(log);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var items = log.FollowAllAsync(after, over.Token).GetAsyncEnumerator(over.Token);
        await using var owned = items.ConfigureAwait(false);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (await next)
            {
                var item = items.Current;
                if (await EndedByAsync(streams, item, stop) is { } ended)
                {
                    if (!await HandledAsync(ended, stop, giveUp)) return;
                    handled = item.Position;
                }

                next = items.MoveNextAsync().AsTask();
                if (next is not { IsCompletedSuccessfully: true, Result: true } || time.GetElapsedTime(notedAt) >= CheckpointInterval)
                    if (!await NotedAsync(giveUp)) return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await NotedAsync(giveUp);
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A stream that cannot be read is passed over: the endings behind it must not wait for ever.</summary>
    private async Task<StreamSummary?> EndedByAsync(EndedStreams streams, FeedItem item, CancellationToken ct)
    {
        try
        {
            return await streams.EndedByAsync(item, ct);
        }
        catch (LogDamagedException e)
        {
            onFault(handler.Name, default, e);
            return null;
        }
    }

    /// <returns>False: another run holds the lease.</returns>
    private async Task<bool> HandledAsync(StreamSummary ended, CancellationToken stop, CancellationToken giveUp)
    {
        Interlocked.Exchange(ref handlingSince, time.GetTimestamp());
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await handler.HandleAsync(ended, giveUp);
                Problem = null;
                Interlocked.Exchange(ref handlingSince, -1);
                return true;
            }
            catch (Exception e) when (e is not OperationCanceledException || !giveUp.IsCancellationRequested)
            {
                Problem = $"The handler '{handler.Name}' fails on stream '{ended.Id}' ({e.GetType().Name}); it is tried again.";
                onFault(handler.Name, ended.Id, e);
            }

            if (!await NotedAsync(giveUp)) return false;
            await Task.Delay(pause, time, stop);
        }
    }

    /// <returns>False: another run holds the lease.</returns>
    private async Task<bool> NotedAsync(CancellationToken giveUp)
    {
        notedAt = time.GetTimestamp();
        if (!(handled > noted)) return true;
        if (!await lease.AdvanceAsync(handled, giveUp)) return false;
        noted = handled;
        return true;
    }
}
