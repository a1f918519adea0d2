namespace EventSourcedStreams.Domain;

/// <summary>The names under which events are stored, for ever. Written out: renaming a class must not rename an
/// event.</summary>
internal static class StoredTypes
{
    public const string StreamCreated = "StreamCreated";
    public const string StreamStarted = "StreamStarted";
    public const string ChunkPersisted = "ChunkPersisted";
    public const string PartStarted = "PartStarted";
    public const string PartPersisted = "PartPersisted";
    public const string PartEnded = "PartEnded";
    public const string StreamCompleted = "StreamCompleted";
    public const string StreamFailed = "StreamFailed";
    public const string StreamCancelled = "StreamCancelled";
    public const string StreamTimedOut = "StreamTimedOut";
    public const string StreamDeleted = "StreamDeleted";

    public const string NodeHeartbeat = "NodeHeartbeat";
    public const string StreamCancelRequested = "StreamCancelRequested";
    public const string EndingsHandled = "EndingsHandled";
    public const string JobRequested = "JobRequested";
    public const string JobProgressed = "JobProgressed";
    public const string LogNamed = "LogNamed";
    public const string AccessRecorded = "AccessRecorded";

    /// <summary>The content type of every event of ours.</summary>
    public const string Json = "application/json";

    /// <exception cref="ArgumentException">It has no stored shape.</exception>
    public static string Of(StreamEvent @event) => @event switch
    {
        StreamEvent.ChunkPersisted => ChunkPersisted,
        StreamEvent.PartStarted => PartStarted,
        StreamEvent.PartPersisted => PartPersisted,
        StreamEvent.PartEnded => PartEnded,
        StreamEvent.StreamCreated => StreamCreated,
        StreamEvent.StreamStarted => StreamStarted,
        StreamEvent.StreamCompleted => StreamCompleted,
        StreamEvent.StreamFailed => StreamFailed,
        StreamEvent.StreamCancelled => StreamCancelled,
        StreamEvent.StreamTimedOut => StreamTimedOut,
        StreamEvent.StreamDeleted => StreamDeleted,
        StreamNote note => note.Type,
        _ => throw new ArgumentException($"{@event.GetType().Name} has no stored shape.", nameof(@event)),
    };
}
