namespace EventSourcedStreams.Client;

/// <summary>A time within which something has to be over, or has to go on.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource either;
    private readonly TimeSpan time;

    public Deadline(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        this.time = time;
        limit = new CancellationTokenSource(time, clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
    }

    public CancellationToken Token => either.Token;

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => limit.IsCancellationRequested;

    /// <summary>Something went on: the time begins anew.</summary>
    public void Extend() => limit.CancelAfter(time);

    public void Dispose()
    {
        either.Dispose();
        limit.Dispose();
    }
}
