using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>What happened to one text stream. Lengths and offsets are UTF-8 bytes. Stored shapes are the codec's
/// matter.</summary>
internal abstract record StreamEvent
{
    private protected StreamEvent() { }

    /// <summary>When it happened, by the writer's clock, UTC. For display; order comes from the revision.</summary>
    public required DateTimeOffset At { get; init; }

    public bool IsEnding => this is Ending;

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
    public sealed record ChunkPersisted(int Index, long Offset, string Text, DateTimeOffset Since) : StreamEvent
    {
        /// <summary>How many parts were started before it.</summary>
        public int Parts { get; init; }

        /// <inheritdoc cref="StreamExtent.PartBytes"/>
        public long PartBytes { get; init; }

        /// <summary>What stands before it.</summary>
        internal StreamExtent Before
        {
            get => new(Index, Offset, Parts, PartBytes);
            init => (Index, Offset, Parts, PartBytes) = value;
        }

        /// <summary>What stands behind it.</summary>
        internal StreamExtent After => Before with { Chunks = Index + 1, Length = Offset + Encoding.UTF8.GetByteCount(Text) };
    }

    /// <summary>What is said beside the text.</summary>
    /// <param name="Part">1, 2, … in the order of starts.</param>
    /// <param name="Since">When the source said it: the events of one append share <see cref="At"/>.</param>
    /// <param name="Before">What stands before this event.</param>
    public abstract record PartEvent(int Part, DateTimeOffset Since, StreamExtent Before) : StreamEvent
    {
        /// <summary>UTF-8 bytes that it adds to those of all parts.</summary>
        public abstract long Bytes { get; }

        /// <summary>What stands behind it.</summary>
        public StreamExtent After => Before with { Parts = this is PartStarted ? Part : Before.Parts, PartBytes = Before.PartBytes + Bytes };
    }

    /// <summary>A part begins.</summary>
    public sealed record PartStarted(int Part, PartStart Start, DateTimeOffset Since, StreamExtent Before) : PartEvent(Part, Since, Before)
    {
        public override long Bytes => PartLimits.BytesOf(Start.Detail);
    }

    /// <summary>One batch of a part's text.</summary>
    /// <param name="Index">0, 1, … in the part.</param>
    /// <param name="Offset">Of its first byte in the part's text.</param>
    /// <param name="Text">Never empty, never half a code point.</param>
    /// <param name="Since">When its first piece came.</param>
    public sealed record PartPersisted(int Part, int Index, long Offset, string Text, DateTimeOffset Since, StreamExtent Before)
        : PartEvent(Part, Since, Before)
    {
        public override long Bytes => PartLimits.BytesOf(Text);
    }

    /// <summary>A part is complete. One that is open when the stream ends, or another driver starts, was cut
    /// off.</summary>
    /// <param name="Length">UTF-8 bytes of its text.</param>
    public sealed record PartEnded(int Part, long Length, PartEnd End, DateTimeOffset Since, StreamExtent Before)
        : PartEvent(Part, Since, Before)
    {
        public override long Bytes => PartLimits.BytesOf(End.Detail);
    }

    /// <summary>The end of a text. Only <see cref="StreamNote"/>s and <see cref="StreamDeleted"/> may follow.</summary>
    /// <param name="Status">The stream's status from here on.</param>
    public abstract record Ending(StreamStatus Status, long Length, int Chunks) : StreamEvent
    {
        /// <summary>
        /// How many U+FFFD in the text stand for bytes that were no text, where the upload was told to replace such and
        /// the driving node ended the stream; null elsewhere.
        /// </summary>
        public long? Replaced { get; init; }

        /// <summary>How many parts were started.</summary>
        public int Parts { get; init; }

        /// <inheritdoc cref="StreamExtent.PartBytes"/>
        public long PartBytes { get; init; }

        /// <summary>How much there is of the stream.</summary>
        internal StreamExtent Extent
        {
            get => new(Chunks, Length, Parts, PartBytes);
            init => (Chunks, Length, Parts, PartBytes) = value;
        }
    }

    /// <param name="Usage">The provider's own JSON; null where it gave none.</param>
    public sealed record StreamCompleted(long Length, int Chunks, string? FinishReason, string? Usage)
        : Ending(StreamStatus.Done, Length, Chunks);

    public sealed record StreamFailed(string Code, string Message, long Length, int Chunks)
        : Ending(StreamStatus.Error, Length, Chunks);

    public sealed record StreamCancelled(string By, string? Reason, DateTimeOffset RequestedAt, long Length, int Chunks)
        : Ending(StreamStatus.Cancelled, Length, Chunks)
    {
        /// <summary>The reason that only the first half of a deletion has. Stored: it never changes.</summary>
        public const string ForDeletion = "The stream was deleted.";
    }

    public sealed record StreamTimedOut(TimeSpan IdleFor, DateTimeOffset LastActivityAt, long Length, int Chunks)
        : Ending(StreamStatus.Timeout, Length, Chunks)
    {
        /// <summary>The longest that it was allowed to run, where that ended it; null: silence did.</summary>
        public TimeSpan? MaxDuration { get; init; }
    }

    /// <summary>Always the last event of a deleted stream; it fences every writer.</summary>
    public sealed record StreamDeleted(string By, string? Reason, StreamStatus StatusBefore, long Length, int Chunks) : StreamEvent;
}
