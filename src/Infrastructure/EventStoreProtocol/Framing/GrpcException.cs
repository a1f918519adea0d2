namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>A call that did not end well: what a server throws to end it so, and what a client gets.</summary>
public sealed class GrpcException : Exception
{
    public GrpcException(Code status, string detail, IReadOnlyDictionary<string, string>? trailers = null, Exception? cause = null)
        : base($"{status}: {detail}", cause) => (Status, Detail, Trailers) = (status, detail, trailers ?? NoTrailers);

    public Code Status { get; }

    /// <summary>The sender's words, for people.</summary>
    public string Detail { get; }

    /// <summary>What else came with the status, such as <c>exception</c> and its keys; names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Trailers { get; }

    private static Dictionary<string, string> NoTrailers { get; } = [];
}
