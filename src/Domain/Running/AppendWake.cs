using System.Threading.Channels;

namespace EventSourcedStreams.Domain;

/// <summary>Wakes a stream's loop that appends: at once, a moment after the token that makes a batch due, or when a
/// batch has waited for as long as it may. <see cref="Now"/> and the waiting are for any thread, all else is under the
/// runner's gate.</summary>
internal sealed class AppendWake : IDisposable
{
    private readonly AppendPacer pacer;
    private readonly ITimer timer;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private bool isComing;
    private bool isTimed;

    /// <param name="whenTimed">Called without the gate when the time is over.</param>
    public AppendWake(TimeProvider time, AppendPacer pacer, Action whenTimed)
    {
        this.pacer = pacer;
        timer = time.CreateTimer(_ => whenTimed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Now() => wake.Writer.TryWrite(true);

    public void Soon()
    {
        if (isComing) return;
        isComing = true;
        pacer.WakeSoon(this);
    }

    /// <summary>A timer that is set already fires before this is due: it is set for the rest then, rather than anew for
    /// each batch on the thread that brought the text.</summary>
    public void In(TimeSpan left)
    {
        if (isTimed) return;
        isTimed = true;
        timer.Change(AtLeastOneMillisecond(left), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time is over: another may be set.</summary>
    public void IsTimedOut() => isTimed = false;

    /// <summary>The loop looks for what is due: what comes later wakes it anew.</summary>
    public void IsAwake() => isComing = false;

    /// <summary>Waits for the next waking, or takes one that has come since the last wait.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken ct) => wake.Reader.ReadAsync(ct);

    public void Dispose() => timer.Dispose();

    private static TimeSpan AtLeastOneMillisecond(TimeSpan span) =>
        span < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : span;
}
