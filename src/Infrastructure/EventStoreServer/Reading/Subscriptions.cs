using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What a subscription sends beside events.</summary>
internal static class Subscriptions
{
    public static ReadResp Confirmation() =>
        new() { Confirmation = new ReadResp.Types.SubscriptionConfirmation { SubscriptionId = Guid.NewGuid().ToString("D") } };

    /// <summary>Said once: all until now has been sent.</summary>
    public static ReadResp CaughtUp() => new() { CaughtUp = new ReadResp.Types.CaughtUp() };

    /// <summary>All up to this position has been looked at, this one included.</summary>
    public static ReadResp Checkpoint(long position) => new()
    {
        Checkpoint = new ReadResp.Types.Checkpoint { CommitPosition = (ulong)position, PreparePosition = (ulong)position },
    };
}
