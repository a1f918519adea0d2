namespace EventSourcedStreams.AspNetCore;

/// <summary>Looks whether a client takes anything of what waits for it. Made at an answer's first wait: thousands of
/// observers never wait.</summary>
/// <param name="takenBytes">How many bytes its machine has taken; null: that is not known.</param>
/// <param name="limit">How long a client may take nothing.</param>
/// <param name="takesNothing">What happens then.</param>
internal sealed class TakeWatch(Func<long?> takenBytes, TimeSpan limit, TimeProvider time, Action takesNothing) : IDisposable
{
    /// <summary>How often it is looked, within the limit.</summary>
    private const int Looks = 4;

    private readonly Lock gate = new();
    private ITimer? timer;
    private bool isWaiting;
    private int looks;
    private long? taken;

    public void Begin()
    {
        lock (gate)
        {
            (isWaiting, looks, taken) = (true, 0, takenBytes());
            timer ??= time.CreateTimer(static watch => ((TakeWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(limit / Looks, limit / Looks);
        }
    }

    public void End()
    {
        lock (gate)
        {
            isWaiting = false;
            timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isWaiting = false;
            timer?.Dispose();
        }
    }

    private void Look()
    {
        // Within the lock: once the flush has returned, the request may be another one's.
        lock (gate)
        {
            if (!isWaiting) return;
            var now = takenBytes();
            looks = now == taken ? looks + 1 : 0;
            taken = now;
            if (looks < Looks) return;
            isWaiting = false;
            takesNothing();
        }
    }
}
