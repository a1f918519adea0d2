namespace EventSourcedStreams.AspNetCore;

/// <summary>One observer's place in a broadcast.</summary>
/// <param name="fellBehind">Called at most once, and never after the observer has left its broadcast.</param>
internal sealed class BroadcastObserver(int maxWaitingBytes, Action fellBehind)
{
    private long sent;
    private volatile bool isBehind;

    /// <summary>Too much waits for it: the broadcast has dropped it, and it has to read on in the log.</summary>
    public bool IsBehind => isBehind;

    /// <summary>The end of the last frame that the server has taken for its socket.</summary>
    public long Sent
    {
        get => Volatile.Read(ref sent);
        set => Volatile.Write(ref sent, value);
    }

    public bool IsTooSlow(long offered) => offered - Sent > maxWaitingBytes;

    public void FallBehind()
    {
        isBehind = true;
        fellBehind();
    }
}
