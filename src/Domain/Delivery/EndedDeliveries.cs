namespace EventSourcedStreams.Domain;

/// <summary>All handlers of endings on this node, each with a delivery of its own.</summary>
internal sealed class EndedDeliveries : IDisposable
{
    /// <summary>How long a handler may take to end once its token has fired; one that does not is left
    /// behind.</summary>
    private static readonly TimeSpan GivingUpLimit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource giveUp = new();
    private readonly TimeProvider time;
    private readonly IReadOnlyList<(HandlerLease Lease, EndedDelivery Delivery)> all;
    private readonly Task loops;

    /// <param name="onFault">Told of what a handler threw, and on which stream; no stream: it was the delivery.</param>
    public EndedDeliveries(
        IEnumerable<EndedHandler> handlers,
        StreamLog log,
        NodeWatch watch,
        NodeRun self,
        Func<AppendId> nextAppendId,
        TimeProvider time,
        Action<string, StreamId, Exception> onFault)
    {
        this.time = time;
        all = [.. handlers.Select(handler =>
        {
            var lease = new HandlerLease(handler.Name, log, watch, self, nextAppendId, time);
            return (lease, new EndedDelivery(handler, lease, log, time, onFault));
        })];
        loops = Task.WhenAll(all.Select(each => each.Delivery.RunAsync(stop.Token, giveUp.Token)));
    }

    /// <summary>Completes when the log knows all handlers: from then on they miss no ending.</summary>
    public Task Registered => Task.WhenAll(all.Select(each => each.Lease.Registered));

    /// <summary>For how long each handler's endings have waited on this node.</summary>
    public IEnumerable<(string Handler, Func<TimeSpan> Lag)> Lags =>
        all.Select(each => (each.Delivery.Handler, (Func<TimeSpan>)(() => each.Delivery.Lag)));

    /// <summary>The nodes that hold leases that this one waits for.</summary>
    public IEnumerable<string> OtherNodes => all.Select(each => each.Lease.OtherNode).OfType<string>();

    /// <summary>Which handlers fail, in words; null: none.</summary>
    public string? Problem => all.Select(each => each.Delivery.Problem).OfType<string>().ToArray() is { Length: > 0 } problems
        ? string.Join(" ", problems)
        : null;

    /// <summary>Lets handlers finish the stream that they have in hand, and notes how far they have come.</summary>
    /// <param name="ct">What is not finished by then is given up; the next holder of the lease handles it
    /// again.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        await stop.CancelAsync();
        // Not awaited: a handler may block in what it has registered on its token.
        await using var limit = ct.UnsafeRegister(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), giveUp);
        await loops.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await GivenUpAsync();
    }

    /// <summary>Ends at once, as if the process had died: nothing more is noted.</summary>
    public async Task AbortAsync()
    {
        _ = giveUp.CancelAsync();
        await stop.CancelAsync();
        await GivenUpAsync();
    }

    public void Dispose()
    {
        stop.Dispose();
        giveUp.Dispose();
    }

    private async Task GivenUpAsync() =>
        await loops.WaitAsync(GivingUpLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
