namespace EventStore.Client;

/// <summary>An event as it is read: itself, or by way of a link.</summary>
public readonly struct ResolvedEvent
{
    public readonly EventRecord Event;

    public readonly EventRecord? Link;

    public readonly Position? OriginalPosition;

    public ResolvedEvent(EventRecord @event, EventRecord? link, ulong? commitPosition)
    {
        (Event, Link) = (@event, link);
        OriginalPosition = commitPosition is { } commit ? new Position(commit, (link ?? @event).Position.PreparePosition) : null;
    }

    /// <summary>The link where there is one, else the event.</summary>
    public EventRecord OriginalEvent => Link ?? Event;

    public string OriginalStreamId => OriginalEvent.EventStreamId;

    public StreamPosition OriginalEventNumber => OriginalEvent.EventNumber;

    public bool IsResolved => Link is not null && Event is not null;
}
