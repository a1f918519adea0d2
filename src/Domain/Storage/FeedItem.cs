namespace EventSourcedStreams.Domain;

/// <summary>One thing that the feed over everything of ours says. Positions only grow.</summary>
internal abstract record FeedItem(LogPosition Position)
{
    public sealed record Recorded(RecordedEvent Event) : FeedItem(Event.Position)
    {
        /// <summary>As it stands in the store; null where there is no need to check it.</summary>
        public StoredEvent? Stored { get; init; }

        public bool Equals(Recorded? other) => other is not null && Event == other.Event;

        public override int GetHashCode() => Event.GetHashCode();
    }

    public sealed record Requested(LogPosition At, EventId Id, ServiceEvent.StreamCancelRequested Request, EventContext Context)
        : FeedItem(At);

    /// <summary>A job was asked for; what it is stands in the log.</summary>
    public sealed record JobRequested(LogPosition At, EventId Id) : FeedItem(At);

    /// <summary>A stream is gone for ever.</summary>
    public sealed record Tombstoned(LogPosition At, EventId Id, StreamId Stream) : FeedItem(At);

    /// <summary>A stream's event that cannot be decoded, or is not the one that was written: the feed goes on, the
    /// stream is damaged, or another program's.</summary>
    public sealed record Damaged(LogPosition At, string StreamName, string What) : FeedItem(At)
    {
        /// <summary>The text; null for a stream that is none.</summary>
        public StreamId? Stream { get; init; }

        /// <summary>Null where not even that can be read.</summary>
        public EventId? Id { get; init; }

        /// <summary>Null: it should be an event of ours.</summary>
        public ForeignEvent? Foreign { get; init; }

        internal static Damaged Of(StoredEvent stored, StreamId? stream, LogDamagedException e) => new(stored.Position, stored.Stream, e.Message)
        {
            Stream = stream,
            Id = stored.IsUnreadable ? null : stored.Id,
            Foreign = ForeignEvent.Of(e),
        };
    }

    /// <summary>All up to here has been delivered; what follows is live. May come more than once.</summary>
    public sealed record CaughtUp(LogPosition At) : FeedItem(At);
}
