using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams;

/// <summary>
/// A stream without its text, folded from its events; it keeps its revision, so that delivery at least once is
/// application once. Fed with lifecycle events only (the catalog), <see cref="Length"/> and <see cref="Chunks"/> stay
/// 0 until the ending tells them, and so do <see cref="Parts"/> and
/// <see cref="PartBytes"/>.
/// </summary>
public sealed record StreamSummary
{
    public required StreamId Id { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    public TimeSpan? Retain { get; init; }

    public Labels Labels { get; init; } = Labels.None;

    public string ContentType { get; init; } = "text/plain; charset=utf-8";

    public StreamStatus Status { get; init; }

    public Revision Revision { get; init; } = Revision.From(0);

    /// <summary>UTF-8 bytes.</summary>
    public long Length { get; init; }

    public int Chunks { get; init; }

    /// <summary>How many parts were started: what the source said beside the text.</summary>
    public int Parts { get; init; }

    /// <summary>UTF-8 bytes of all parts: their texts, and their details as stored.</summary>
    public long PartBytes { get; init; }

    /// <summary>All four together.</summary>
    private StreamExtent Extent
    {
        init => (Chunks, Length, Parts, PartBytes) = value;
    }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the last event that shows life was written: creation, start, text, parts.</summary>
    public DateTimeOffset LastActivityAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It was ended in order to be deleted.</summary>
    internal bool IsForDeletion { get; init; }

    /// <summary>Null until a driver has claimed it.</summary>
    internal NodeRun? Driver { get; init; }

    /// <summary>That its source asked, as it named it at the start; null where it named none.</summary>
    internal string? Model { get; init; }

    public StreamFailure? Error { get; init; }

    /// <summary>What the source said of its end, such as <c>stop</c> or <c>length</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>How many U+FFFD in the text stand for bytes that were no text; null where none were to be
    /// replaced.</summary>
    public long? Replaced { get; init; }

    /// <summary>The provider's own JSON on what the text cost; null where it gave none.</summary>
    public string? Usage { get; init; }

    /// <summary>The first words of its input, to know it by in a list; null where the input has none.</summary>
    public string? Title { get; init; }

    /// <summary>The first event in the stream that another program has written: all else is as it was before it. Null
    /// where there is none, or none is known.</summary>
    public ForeignEvent? Foreign { get; init; }

    /// <summary>
    /// What the log holds of its life cannot be what was written. Only its <see cref="Id"/> says something then, and
    /// its <see cref="Labels"/> where its creation can be read.
    /// </summary>
    public bool IsDamaged { get; init; }

    /// <summary>False: its creation cannot be read, or another program has begun the stream.</summary>
    internal bool HasBegun { get; init; } = true;

    internal static StreamSummary From(StreamCreated e) => new()
    {
        Id = e.Id,
        Source = e.Source,
        CreatedAt = e.At,
        LastActivityAt = e.At,
        IdleTimeout = e.IdleTimeout,
        Retain = e.Retain,
        Labels = e.Labels,
        ContentType = e.ContentType,
        Title = InputTitle.Of(e.Input),
    };

    /// <param name="summary">Null before the first event.</param>
    /// <exception cref="LogDamagedException">A stream's first event is no <c>StreamCreated</c>.</exception>
    internal static StreamSummary Apply(StreamSummary? summary, RecordedEvent recorded)
    {
        if (summary is not null) return summary.Apply(recorded);
        if (recorded.Event is StreamCreated e) return From(e) with { Revision = recorded.Revision };
        throw new LogDamagedException(recorded.Stream.Value, recorded.Revision.Value, "it does not begin with StreamCreated.");
    }

    internal StreamSummary Apply(RecordedEvent recorded)
    {
        if (recorded.Revision <= Revision) return this; // delivered at least once, applied once
        var next = this with { Revision = recorded.Revision };
        return recorded.Event switch
        {
            StreamCreated => throw new LogDamagedException(Id.Value, recorded.Revision.Value, "a second StreamCreated."),
            StreamStarted e => next with { Status = StreamStatus.Streaming, StartedAt = e.At, LastActivityAt = e.At, Driver = e.Driver, Model = e.Model },
            ChunkPersisted e => next with { Extent = e.After, LastActivityAt = e.At },
            PartEvent e => next with { Extent = e.After, LastActivityAt = e.At },
            StreamCompleted e => next.Ended(e) with { FinishReason = e.FinishReason, Usage = e.Usage },
            StreamCancelled e => next.Ended(e) with { IsForDeletion = recorded.IsForDeletion },
            Ending e => next.Ended(e),
            StreamNote => next,
            StreamDeleted e => next with { Status = StreamStatus.Deleted, EndedAt = EndedAt ?? e.At },
            _ => throw new System.Diagnostics.UnreachableException($"{recorded.Event} is no event of a stream."),
        };
    }

    private StreamSummary Ended(Ending ending) => this with
    {
        Status = ending.Status,
        EndedAt = ending.At,
        Extent = ending.Extent,
        Error = StreamFailure.Of(ending),
        Replaced = ending.Replaced,
    };
}
