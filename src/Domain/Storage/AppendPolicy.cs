namespace EventSourcedStreams.Domain;

/// <summary>What becomes of an append to a text that lost to other writers' events. It goes by the kind of
/// stream.</summary>
internal enum AppendPolicy
{
    /// <summary>A stream that is driven: notes are built on, anything else stops the writer.</summary>
    OneWriter,

    /// <summary>Any number of writers: each reads all that it missed, and decides anew, until it has won or is
    /// refused.</summary>
    ManyWriters,
}
