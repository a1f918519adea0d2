namespace EventSourcedStreams.Domain;

/// <summary>How a wish to drive a stream was answered.</summary>
internal abstract record DriveResult
{
    private DriveResult() { }

    /// <summary>Claimed; the source runs, or has run already. Read <paramref name="Output"/> to its end, or drop
    /// it.</summary>
    /// <param name="Finished">Completes when the source has returned and the ending is settled: a request body may go
    /// then.</param>
    /// <param name="TakesBody">The source reads the request's body: it has to stay until
    /// <paramref name="Finished"/>.</param>
    public sealed record Driving(ClientQueue Output, Task Finished, bool TakesBody) : DriveResult;

    public sealed record UnknownStream : DriveResult;

    public sealed record Deleted : DriveResult;

    public sealed record AlreadyDriven : DriveResult;

    public sealed record AlreadyEnded(StreamStatus Status) : DriveResult;

    /// <summary>The stream names a source that this server does not have.</summary>
    public sealed record UnknownSource(string Name) : DriveResult;

    /// <summary>This node takes no new streams, or the log does not answer: try again, here or elsewhere.</summary>
    public sealed record Unavailable(string Why) : DriveResult
    {
        public static Unavailable Stopping { get; } = new("The server is stopping.");
    }
}
