namespace EventSourcedStreams.Domain;

/// <summary>One thing that the feed over everything of ours says. Positions only grow.</summary>
internal abstract record FeedItem(LogPosition Position)
{
    public sealed record Recorded(RecordedEvent Event) : FeedItem(Event.Position);

    public sealed record Requested(LogPosition At, EventId Id, ServiceEvent.StreamCancelRequested Request, EventContext Context)
        : FeedItem(At);

    /// <summary>A stream is gone for ever.</summary>
    public sealed record Tombstoned(LogPosition At, EventId Id, StreamId Stream) : FeedItem(At);

    /// <summary>A stream's event that cannot be decoded: the feed goes on, the stream is damaged.</summary>
    public sealed record Damaged(LogPosition At, string StreamName, string What) : FeedItem(At);

    /// <summary>All up to here has been delivered; what follows is live. May come more than once.</summary>
    public sealed record CaughtUp(LogPosition At) : FeedItem(At);
}
