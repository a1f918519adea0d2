namespace EventSourcedStreams.Domain;

/// <summary>
/// Lets the token that makes a batch due reach its driver before the append begins: encoding, hashing and the commit
/// would take the core that the driver's client wakes on.
/// </summary>
internal sealed class AppendPacer : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly ITimer? timer;
    private List<StreamRunner> due = [];

    /// <param name="clock">Null: no such moment.</param>
    public AppendPacer(TimeProvider? clock) =>
        timer = clock?.CreateTimer(_ => WakeAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>The runner is woken soon, with all others that ask until then.</summary>
    public void WakeSoon(StreamRunner runner)
    {
        if (timer is null)
        {
            runner.Wake();
            return;
        }

        lock (gate)
        {
            due.Add(runner);
            if (due.Count == 1) timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => timer?.Dispose();

    private void WakeAll()
    {
        List<StreamRunner> now;
        lock (gate) (now, due) = (due, []);
        foreach (var runner in now) runner.Wake();
    }
}
