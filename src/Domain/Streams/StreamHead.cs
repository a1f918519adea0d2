namespace EventSourcedStreams.Domain;

/// <summary>Where a stream ended when it was last read: what the next append builds on.</summary>
internal readonly record struct StreamHead(Revision Revision, ChainHash Hash)
{
    public static StreamHead None => default;
}
