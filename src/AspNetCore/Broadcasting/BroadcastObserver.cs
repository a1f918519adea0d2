using System.Threading.Tasks.Sources;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One observer's place in a broadcast.</summary>
internal sealed class BroadcastObserver(int maxWaitingBytes) : IValueTaskSource
{
    // What goes on runs where the observer is woken: it writes, hands over, and waits again.
    private ManualResetValueTaskSourceCore<bool> arrival;
    private int isWaiting;
    private BroadcastFrame? place;
    private long sent;
    private volatile bool isBehind;

    /// <summary>Too much waits for it: the broadcast has dropped it, and it has to read on in the log.</summary>
    public bool IsBehind => isBehind;

    /// <summary>The last frame that it has taken; null once it is behind, so that what it does not take is kept by
    /// nothing.</summary>
    public BroadcastFrame? Place
    {
        get => Volatile.Read(ref place);
        set
        {
            Volatile.Write(ref place, value);
            if (isBehind) Volatile.Write(ref place, null);
        }
    }

    /// <summary>The end of the last frame that the server has taken for its socket.</summary>
    public long Sent
    {
        get => Volatile.Read(ref sent);
        set => Volatile.Write(ref sent, value);
    }

    public bool IsTooSlow(long offered) => offered - Sent > maxWaitingBytes;

    /// <summary>Completes once there is a frame after its place, or the token is cancelled. For one caller at a time,
    /// which lets <see cref="StopWaiting"/> know of the cancellation.</summary>
    public ValueTask NextAsync(CancellationToken ct)
    {
        if (Place is not { Next: null } frame) return default;
        arrival.Reset();
        Interlocked.Exchange(ref isWaiting, 1);
        if ((frame.Next is not null || isBehind || ct.IsCancellationRequested) && StopWaiting()) return default;
        return new ValueTask(this, arrival.Version);
    }

    /// <summary>True: it waited, and its <see cref="Wake"/> is now for the caller to call, once.</summary>
    public bool StopWaiting() => Interlocked.Exchange(ref isWaiting, 0) == 1;

    public void Wake() => arrival.SetResult(true);

    /// <summary>Ends its waiting, if it waits, on another thread.</summary>
    public void WakeSoon()
    {
        if (StopWaiting()) ThreadPool.UnsafeQueueUserWorkItem(static waiting => waiting.Wake(), this, preferLocal: false);
    }

    public void GetResult(short token) => arrival.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => arrival.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        arrival.OnCompleted(continuation, state, token, flags);

    /// <summary>It may just have taken and sent all that there is, and have begun to wait: no frame would wake it any
    /// more.</summary>
    public void FallBehind()
    {
        isBehind = true;
        Volatile.Write(ref place, null);
        WakeSoon();
    }
}
