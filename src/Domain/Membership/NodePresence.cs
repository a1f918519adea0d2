namespace EventSourcedStreams.Domain;

/// <summary>
/// Keeps this node's name: a heartbeat every 2 s, the first before the first claim. A heartbeat that conflicts means
/// that another process uses the name; then this one claims nothing more. It also tells whether the log takes writes.
/// When the log was away, a heartbeat comes before any backlog.
/// </summary>
/// <param name="onOutage">Told when the log stops taking this node's writes.</param>
internal sealed class NodePresence(
    StreamLog log,
    NodeWatch watch,
    NodeRun self,
    DrivingLimits limits,
    Func<AppendId> nextAppendId,
    TimeProvider time,
    Action onOutage,
    Action<string> onProblem) : IDisposable
{
    private readonly TaskCompletionSource present = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim beating = new(1, 1);
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private Revision head = Revision.None;
    private volatile string? problem = "The node has not written its first heartbeat yet.";
    private volatile bool nameLost;
    private bool saidStopped;
    private long confirmedAt = time.GetTimestamp();

    /// <summary>Completes with the first heartbeat.</summary>
    public Task Present => present.Task;

    /// <summary>Why this node may claim no streams, in words; null: it may.</summary>
    public string? WhyNoClaims => MayClaim ? null : problem;

    private bool MayClaim => present.Task.IsCompletedSuccessfully && !nameLost;

    /// <summary>Why the log does not take this node's writes now, in words; null: it does.</summary>
    public string? Problem => problem ?? (time.GetElapsedTime(Interlocked.Read(ref confirmedAt)) > 3 * NodeWatch.Interval
        ? "The event log has not answered for some seconds."
        : null);

    /// <summary>Beats until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (!await ClaimNameAsync(ct)) return;
        while (await BeatAsync(stopped: false, ct)) await PauseAsync(ct);
    }

    /// <summary>The last word: all that this run drove has its ending.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (MayClaim) await BeatAsync(stopped: true, ct);
    }

    public void Dispose() => beating.Dispose();

    /// <summary>Until the next heartbeat is due, or wanted.</summary>
    private Task PauseAsync(CancellationToken ct) => TimeLimit.PauseAsync(NodeWatch.Interval, time, _ => log.Heartbeat.Wanted, ct);

    private async Task<bool> ClaimNameAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var last = await log.ReadHeartbeatAsync(self.Node, ct);
                if (last is null || last.Heartbeat.Run == self || last.Heartbeat.Stopped || await watch.IsDeadRunAsync(last, ct))
                {
                    head = last?.Revision ?? Revision.None;
                    return true;
                }

                Report($"Another process uses the node name '{self.Node}' or has just died: waiting until that is certain. "
                    + "Give each process a Streams:Node of its own.");
            }
            catch (LogDamagedException e) when (watch.IsExclusive && e.Revision is { } revision)
            {
                // Whatever it said, its process is gone: the next heartbeat takes its place.
                onProblem($"This node's last heartbeat is damaged and is passed over; `streams-audit verify` says what else is. {e.Message}");
                head = Revision.From(revision);
                return true;
            }
            catch (LogDamagedException e)
            {
                Report($"The last heartbeat under the node name '{self.Node}' is damaged: start with another Streams:Node. {e.Message}");
            }
            catch (LogUnavailableException e)
            {
                Report(e.Message);
            }

            await Task.Delay(NodeWatch.Interval, time, ct);
        }
    }

    /// <returns>False: the name is lost, or the last word has been said.</returns>
    private async Task<bool> BeatAsync(bool stopped, CancellationToken ct)
    {
        await beating.WaitAsync(ct); // the last word waits for a heartbeat under way
        try
        {
            if (saidStopped || nameLost) return false;
            saidStopped = stopped;
            return await AppendBeatAsync(stopped, ct);
        }
        finally
        {
            beating.Release();
        }
    }

    private async Task<bool> AppendBeatAsync(bool stopped, CancellationToken ct)
    {
        var beat = new ServiceEvent.NodeHeartbeat(self, startedAt, limits.OutageLimit, stopped) { At = time.GetUtcNow() };
        for (var id = nextAppendId(); ; await Task.Delay(TimeSpan.FromMilliseconds(500), time, ct))
        {
            var begun = log.Heartbeat.Begin();
            switch (await TryAsync(beat, id, ct))
            {
                case AppendOutcome.Appended appended:
                    head = appended.Head.Revision;
                    log.Heartbeat.Complete(begun);
                    Interlocked.Exchange(ref confirmedAt, time.GetTimestamp());
                    problem = null;
                    present.TrySetResult();
                    return true;
                case AppendOutcome.Lost or AppendOutcome.Deleted:
                    nameLost = true;
                    log.Heartbeat.Stop();
                    Report($"Another process uses the node name '{self.Node}': this one claims nothing more. "
                        + "Give each process a Streams:Node of its own and restart this one.");
                    return false;
                case AppendOutcome.Unknown(var why, _):
                    if (problem is null) onOutage();
                    Report(why);
                    break;
            }
        }
    }

    private async Task<AppendOutcome> TryAsync(ServiceEvent.NodeHeartbeat beat, AppendId id, CancellationToken ct)
    {
        try
        {
            return await TimeLimit.WithinAsync(
                StreamLog.AttemptLimit, time, token => log.AppendHeartbeatAsync(beat, head, id, token), StreamLog.NoAnswer, ct);
        }
        catch (LogUnavailableException e)
        {
            return new AppendOutcome.Unknown(e.Message, e);
        }
        catch (LogDamagedException e) when (e.Revision is null)
        {
            return new AppendOutcome.Unknown(
                $"Nothing more can be saved, because the log is damaged where it goes on: {e.What} Stop the server and restore a backup; or "
                + "`streams-audit export --all` it and `streams-audit import` that into an empty log. `streams-audit verify` says what is damaged.",
                e);
        }
        catch (LogDamagedException e)
        {
            return new AppendOutcome.Unknown($"This node's heartbeats are damaged: start with another Streams:Node. {e.Message}", e);
        }
    }

    private void Report(string what)
    {
        if (problem != what) onProblem(what);
        problem = what;
    }
}
