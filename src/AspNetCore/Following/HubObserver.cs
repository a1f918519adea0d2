namespace EventSourcedStreams.AspNetCore;

/// <summary>One observer's place in a hub.</summary>
/// <param name="disconnect">Called at most once, and never after the observer has left its hub.</param>
internal sealed class HubObserver(int maxWaitingBytes, Action disconnect)
{
    private long sent;

    /// <summary>The end of the last frame that the server has taken for its socket.</summary>
    public long Sent
    {
        get => Volatile.Read(ref sent);
        set => Volatile.Write(ref sent, value);
    }

    public bool IsTooSlow(long offered) => offered - Sent > maxWaitingBytes;

    public void Disconnect() => disconnect();
}
