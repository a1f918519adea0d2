namespace EventSourcedStreams.Domain;

/// <summary>What an event is to its stream. The numbers are stored.</summary>
internal enum EventKind
{
    /// <summary>A type that this program does not know: another application's, or a newer version's.</summary>
    Unknown = 0,

    /// <summary>What readers of a stream read.</summary>
    Content = 1,

    /// <summary>Says something of a stream, and neither changes its content nor ends it: a writer that meets one builds
    /// on it.</summary>
    Note = 2,

    /// <summary>A stream begins, is driven, ends, or is deleted.</summary>
    Lifecycle = 3,

    /// <summary>What nodes say to each other, in streams of their own.</summary>
    Service = 4,
}
