using System.Text;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>What the rules need to know of a stream: the fold of its events, or of those from the last one on that is
/// no note.</summary>
internal abstract record StreamState
{
    private StreamState() { }

    public sealed record Missing : StreamState;

    public sealed record Pending(StreamCreated Created) : StreamState;

    /// <param name="Length">UTF-8 bytes persisted so far.</param>
    public sealed record Streaming(int Epoch, int Chunks, long Length) : StreamState
    {
        /// <summary>How many parts were started. Which of them are open, <see cref="OpenParts"/> knows.</summary>
        public int Parts { get; init; }

        /// <inheritdoc cref="StreamExtent.PartBytes"/>
        public long PartBytes { get; init; }
    }

    public sealed record Ended(StreamStatus Status, int Epoch, int Chunks, long Length) : StreamState
    {
        /// <summary>How many parts were started.</summary>
        public int Parts { get; init; }

        /// <inheritdoc cref="StreamExtent.PartBytes"/>
        public long PartBytes { get; init; }
    }

    public sealed record Deleted(StreamStatus StatusBefore, long Length) : StreamState;

    /// <summary>The epoch that an event written next carries.</summary>
    public int CurrentEpoch => this switch
    {
        Streaming s => s.Epoch,
        Ended s => s.Epoch,
        _ => 0,
    };

    /// <summary>How much there is of the stream.</summary>
    public StreamExtent Extent => this switch
    {
        Streaming s => new(s.Chunks, s.Length, s.Parts, s.PartBytes),
        Ended s => new(s.Chunks, s.Length, s.Parts, s.PartBytes),
        _ => default,
    };

    /// <summary>The state behind an event that is no note; null: there is no stream. The same as folding all up to
    /// it.</summary>
    public static StreamState After(RecordedEvent? last) =>
        last is null ? new Missing() : After(last.Event, last.Context.Epoch);

    internal static StreamState After(StreamEvent last, int epoch) => last switch
    {
        StreamCreated e => new Pending(e),
        StreamStarted e => new Streaming(e.Epoch, 0, 0),
        ChunkPersisted e => Running(epoch, new(e.Index + 1, e.Offset + Encoding.UTF8.GetByteCount(e.Text), e.Parts, e.PartBytes)),
        PartEvent e => Running(epoch, e.After),
        Ending e => new Ended(e.Status, epoch, e.Chunks, e.Length) { Parts = e.Parts, PartBytes = e.PartBytes },
        StreamDeleted e => new Deleted(e.StatusBefore, e.Length),
        _ => throw new System.Diagnostics.UnreachableException($"{last} is no event of a stream."),
    };

    private static Streaming Running(int epoch, StreamExtent extent) =>
        new(epoch, extent.Chunks, extent.Length) { Parts = extent.Parts, PartBytes = extent.PartBytes };
}
