namespace EventStore.Client;

/// <summary>
/// Requests of one call that go out together. The gRPC client flushes after each message, whatever its write options
/// say, and a flush is a packet; so the body below it keeps a message while more are at hand.
/// </summary>
internal sealed class HeldRequests
{
    private static readonly AsyncLocal<HeldRequests?> Started = new();
    private volatile bool moreFollows;

    /// <summary>Of the call that is started next from this flow; null: each of its requests goes out at once.</summary>
    public static HeldRequests? OfNextCall
    {
        get => Started.Value;
        set => Started.Value = value;
    }

    /// <summary>A request that is written while this is set waits for the next one.</summary>
    public bool MoreFollows
    {
        get => moreFollows;
        set => moreFollows = value;
    }
}
