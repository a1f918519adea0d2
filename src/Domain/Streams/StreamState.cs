using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>What the rules need to know of a stream: the fold of its events, or of those from the last one on that is
/// no note.</summary>
internal abstract record StreamState
{
    private StreamState() { }

    public sealed record Missing : StreamState;

    public sealed record Pending(StreamCreated Created) : StreamState;

    /// <summary>One that has been claimed, or has ended.</summary>
    public abstract record Sized(int Epoch, StreamExtent Size) : StreamState
    {
        public int Chunks => Size.Chunks;

        /// <summary>UTF-8 bytes persisted so far.</summary>
        public long Length => Size.Length;

        /// <summary>How many parts were started. Which of them are open, <see cref="OpenParts"/> knows.</summary>
        public int Parts => Size.Parts;
    }

    public sealed record Streaming(int Epoch, StreamExtent Size) : Sized(Epoch, Size);

    public sealed record Ended(StreamStatus Status, int Epoch, StreamExtent Size) : Sized(Epoch, Size)
    {
        /// <summary>One without parts.</summary>
        public Ended(StreamStatus status, int epoch, int chunks, long length) : this(status, epoch, new(chunks, length, 0, 0)) { }
    }

    public sealed record Deleted(StreamStatus StatusBefore, long Length) : StreamState;

    /// <summary>The epoch that an event written next carries.</summary>
    public int CurrentEpoch => this is Sized s ? s.Epoch : 0;

    /// <summary>How much there is of the stream.</summary>
    public StreamExtent Extent => this is Sized s ? s.Size : default;

    /// <summary>The state behind an event that is no note; null: there is no stream. The same as folding all up to
    /// it.</summary>
    public static StreamState After(RecordedEvent? last) =>
        last is null ? new Missing() : After(last.Event, last.Context.Epoch);

    internal static StreamState After(StreamEvent last, int epoch) => last switch
    {
        StreamCreated e => new Pending(e),
        StreamStarted e => new Streaming(e.Epoch, default),
        ChunkPersisted e => new Streaming(epoch, e.After),
        PartEvent e => new Streaming(epoch, e.After),
        Ending e => new Ended(e.Status, epoch, e.Extent),
        StreamDeleted e => new Deleted(e.StatusBefore, e.Length),
        _ => throw new System.Diagnostics.UnreachableException($"{last} is no event of a stream."),
    };
}
