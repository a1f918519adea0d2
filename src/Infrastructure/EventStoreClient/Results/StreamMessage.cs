namespace EventStore.Client;

/// <summary>What a read or a subscription says, one after another.</summary>
public abstract record StreamMessage
{
    public record Event(ResolvedEvent ResolvedEvent) : StreamMessage;

    /// <summary>The stream does not exist; nothing follows.</summary>
    public record NotFound : StreamMessage
    {
        internal static readonly NotFound Instance = new();
    }

    /// <summary>The stream exists; its events follow.</summary>
    public record Ok : StreamMessage
    {
        internal static readonly Ok Instance = new();
    }

    public record FirstStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    public record LastStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    public record LastAllStreamPosition(Position Position) : StreamMessage;

    /// <summary>The first of a subscription.</summary>
    public record SubscriptionConfirmation(string SubscriptionId) : StreamMessage;

    /// <summary>The server has looked so far; a later subscription can start after it.</summary>
    public record AllStreamCheckpointReached(Position Position) : StreamMessage;

    public record StreamCheckpointReached(StreamPosition StreamPosition) : StreamMessage;

    /// <summary>What follows is live. Servers before 23.10 do not say so.</summary>
    public record CaughtUp : StreamMessage
    {
        internal static readonly CaughtUp Instance = new();
    }

    /// <summary>What follows is history again.</summary>
    public record FellBehind : StreamMessage
    {
        internal static readonly FellBehind Instance = new();
    }

    public record Unknown : StreamMessage
    {
        internal static readonly Unknown Instance = new();
    }
}
