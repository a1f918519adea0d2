namespace EventStore.Client;

/// <summary>What a read or a subscription says, one after another.</summary>
public abstract record StreamMessage
{
    private protected StreamMessage()
    {
    }

    public record Event(ResolvedEvent ResolvedEvent) : StreamMessage;

    /// <summary>The stream does not exist; nothing follows.</summary>
    public record NotFound : StreamMessage
    {
        internal static readonly NotFound Instance = new();
    }

    public record LastStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    /// <summary>The server has looked so far; a later subscription can start after it.</summary>
    public record AllStreamCheckpointReached(Position Position) : StreamMessage;

    /// <summary>What follows is live. Servers before 23.10 do not say so.</summary>
    public record CaughtUp : StreamMessage
    {
        internal static readonly CaughtUp Instance = new();
    }

    /// <summary>The stream exists; its events follow.</summary>
    internal sealed record Ok : StreamMessage
    {
        internal static readonly Ok Instance = new();
    }

    /// <summary>The first of a subscription.</summary>
    internal sealed record SubscriptionConfirmation(string SubscriptionId) : StreamMessage;

    internal sealed record FirstStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    internal sealed record LastAllStreamPosition(Position Position) : StreamMessage;

    internal sealed record Unknown : StreamMessage
    {
        internal static readonly Unknown Instance = new();
    }
}
