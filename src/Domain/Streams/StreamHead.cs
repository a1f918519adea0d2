namespace EventSourcedStreams.Domain;

/// <summary>Where a stream ends, as somebody has seen it: what the next append builds on.</summary>
internal readonly record struct StreamHead(Revision Revision, ChainHash Hash)
{
    public static StreamHead None => default;
}
