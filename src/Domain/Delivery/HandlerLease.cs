namespace EventSourcedStreams.Domain;

/// <summary>
/// A handler's checkpoint, and with it the lease to hand endings to it: the run that wrote the last checkpoint holds it
/// until that run is dead, as its heartbeats tell. Every checkpoint is appended at the revision of the one before, so a
/// run that has lost the lease learns of it with its next. One caller at a time.
/// </summary>
internal sealed class HandlerLease(
    string handler, StreamLog log, NodeWatch watch, NodeRun self, Func<AppendId> nextAppendId, TimeProvider time)
{
    private readonly TaskCompletionSource registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Revision head = Revision.None;
    private bool bounded;

    /// <summary>Completes when the log knows the handler: from then on it misses no ending.</summary>
    public Task Registered => registered.Task;

    /// <summary>The node of another run that holds the lease; null: none does.</summary>
    public string? OtherNode { get; private set; }

    /// <summary>Waits until this run holds the lease.</summary>
    /// <returns>The place behind which endings are still to be handled.</returns>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<LogPosition> AcquireAsync(CancellationToken ct)
    {
        while (true)
        {
            var last = await log.ReadHandledAsync(handler, ct);
            if (last is not null) registered.TrySetResult();
            if (last is { Handled.Holder: var holder } && holder != self && !await watch.IsDeadAsync(holder, ct))
            {
                OtherNode = holder.Node;
                await Task.Delay(NodeWatch.Interval, time, ct);
                continue;
            }

            OtherNode = null;
            if (!bounded) await log.LimitHandledAsync(handler, ct);
            bounded = true;
            if (last?.Handled.Holder == self)
            {
                head = last.Revision;
                return last.UpTo;
            }

            head = last?.Revision ?? Revision.None;
            if (await AppendAsync(last?.UpTo, ct) is not { } place) continue;
            registered.TrySetResult();
            return last?.UpTo ?? place;
        }
    }

    /// <summary>Notes how far the handler has come.</summary>
    /// <returns>False: another run holds the lease.</returns>
    public async Task<bool> AdvanceAsync(LogPosition upTo, CancellationToken ct) => await AppendAsync(upTo, ct) is not null;

    /// <returns>Where the checkpoint stands; null: another run was first.</returns>
    private async Task<LogPosition?> AppendAsync(LogPosition? upTo, CancellationToken ct)
    {
        var (handled, id) = (new ServiceEvent.EndingsHandled(handler, self, upTo) { At = time.GetUtcNow() }, nextAppendId());
        var noted = await log.UntilCertainAsync(
            () => log.AppendHandledAsync(handled, head, id, ct), handler, "A handler's checkpoint cannot be kept", ct);
        head = noted?.Head.Revision ?? head;
        return noted?.Position;
    }
}
