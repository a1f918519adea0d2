namespace EventSourcedStreams.Domain;

internal enum ReadFrom
{
    /// <summary>Whichever node of the store is near; it may lag.</summary>
    Anywhere,

    /// <summary>For what a decision hangs on.</summary>
    Leader,
}
