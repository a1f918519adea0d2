namespace EventSourcedStreams.AspNetCore;

/// <summary>How many requests are under way.</summary>
internal sealed class RequestsUnderWay
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <returns>False: there are as many as there may be.</returns>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref count) <= most) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref count);
}
