namespace EventStore.Client;

/// <summary>An event as it is read: itself, or by way of a link.</summary>
public readonly struct ResolvedEvent
{
    public readonly EventRecord Event;

    /// <param name="event">Missing where it is gone and only a link to it is left.</param>
    internal ResolvedEvent(EventRecord @event, EventRecord? link, ulong? commitPosition) =>
        (Event, Link, CommitPosition) = (@event, link, commitPosition);

    internal EventRecord? Link { get; }

    internal ulong? CommitPosition { get; }
}
