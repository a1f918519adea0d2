namespace EventSourcedStreams.Domain;

/// <summary>What the rules make of a command.</summary>
internal abstract record Decision
{
    private Decision() { }

    /// <summary>No events: what was asked for is so already.</summary>
    public sealed record Accepted(params IReadOnlyList<StreamEvent> Events) : Decision;

    public sealed record Rejected(Rejection Why) : Decision;
}

internal enum Rejection
{
    UnknownStream,
    AlreadyExists,
    Deleted,
    AlreadyDriven,
    StreamEnded,
    NotStarted,
    StillStreaming,
    EmptyChunk,

    /// <summary>A part's kind, names or detail are over their limits, or there are too many.</summary>
    PartOverLimit,

    /// <summary>It was never started, has ended, or was cut off.</summary>
    PartNotOpen,

    /// <summary>A part of this kind has no text of its own.</summary>
    PartWithoutText,
}
