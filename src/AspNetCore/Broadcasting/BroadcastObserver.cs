namespace EventSourcedStreams.AspNetCore;

/// <summary>One observer's place in a broadcast.</summary>
internal sealed class BroadcastObserver(int maxWaitingBytes)
{
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

    public void FallBehind()
    {
        isBehind = true;
        Volatile.Write(ref place, null);
    }
}
