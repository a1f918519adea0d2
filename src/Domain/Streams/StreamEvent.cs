namespace EventSourcedStreams.Domain;

/// <summary>What happened to one text stream. Lengths and offsets are UTF-8 bytes. Stored shapes are the codec's matter.</summary>
internal abstract record StreamEvent
{
    private protected StreamEvent() { }

    /// <summary>When it happened, by the writer's clock, UTC. For people; order comes from the revision.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Of an ending by the driving node: how many U+FFFD in the text stand for bytes that were no text, where the upload was told to
    /// replace such; null elsewhere.
    /// </summary>
    public long? Replaced { get; init; }

    /// <summary>One of the four events that end a text. Only <see cref="StreamNote"/>s and <see cref="StreamDeleted"/> may follow.</summary>
    public bool IsEnding => this is StreamCompleted or StreamFailed or StreamCancelled or StreamTimedOut;

    /// <param name="Input">The source's own JSON, exactly as received; null where none was given.</param>
    /// <param name="Given">The names of the fields that the client gave itself, as in the API, ordinal order.</param>
    public sealed record StreamCreated(
        StreamId Id,
        string Source,
        string? Input,
        string ContentType,
        TimeSpan IdleTimeout,
        TimeSpan? Retain,
        Labels Labels,
        Names Given) : StreamEvent
    {
        /// <summary>How long it may run, from its start; null: for as long as it shows life.</summary>
        public TimeSpan? MaxDuration { get; init; }

        public OnDisconnect OnDisconnect { get; init; }
    }

    /// <param name="Epoch">1; more is reserved for takeover.</param>
    /// <param name="Engine">The version of the program that drives.</param>
    public sealed record StreamStarted(
        int Epoch, NodeRun Driver, string Source, string? Provider, string? Model, string Engine) : StreamEvent;

    /// <param name="Index">0, 1, … in the stream.</param>
    /// <param name="Offset">Of its first byte in the text.</param>
    /// <param name="Text">Never empty, never half a code point.</param>
    /// <param name="Since">When its first piece came.</param>
    public sealed record ChunkPersisted(int Index, long Offset, string Text, DateTimeOffset Since) : StreamEvent;

    /// <param name="Usage">The provider's own JSON; null where it gave none.</param>
    public sealed record StreamCompleted(long Length, int Chunks, string? FinishReason, string? Usage) : StreamEvent;

    public sealed record StreamFailed(string Code, string Message, long Length, int Chunks) : StreamEvent;

    public sealed record StreamCancelled(string By, string? Reason, DateTimeOffset RequestedAt, long Length, int Chunks) : StreamEvent
    {
        /// <summary>The reason that only the first half of a deletion has. Stored: it never changes.</summary>
        public const string ForDeletion = "The stream was deleted.";
    }

    public sealed record StreamTimedOut(TimeSpan IdleFor, DateTimeOffset LastActivityAt, long Length, int Chunks) : StreamEvent
    {
        /// <summary>The longest that it was allowed to run, where that ended it; null: silence did.</summary>
        public TimeSpan? MaxDuration { get; init; }
    }

    /// <summary>Always the last event of a deleted stream; it fences every writer.</summary>
    public sealed record StreamDeleted(string By, string? Reason, StreamStatus StatusBefore, long Length, int Chunks) : StreamEvent;
}
