namespace EventStore.Client;

/// <summary>The stream was not as expected; nothing was written.</summary>
public class WrongExpectedVersionException : Exception
{
    public WrongExpectedVersionException(
        string streamName,
        StreamRevision expectedStreamRevision,
        StreamRevision actualStreamRevision,
        Exception? exception = null,
        string? message = null)
        : base(message ?? Describe(streamName, $"version: {expectedStreamRevision}", actualStreamRevision), exception)
    {
        (StreamName, ExpectedStreamRevision, ActualStreamRevision) = (streamName, expectedStreamRevision, actualStreamRevision);
        (ExpectedVersion, ActualVersion) = (Version(expectedStreamRevision), Version(actualStreamRevision));
    }

    public WrongExpectedVersionException(
        string streamName, StreamState expectedStreamState, StreamRevision actualStreamRevision, Exception? exception = null)
        : base(Describe(streamName, $"state: {expectedStreamState}", actualStreamRevision), exception)
    {
        (StreamName, ExpectedStreamRevision, ActualStreamRevision) = (streamName, StreamRevision.None, actualStreamRevision);
        ActualVersion = Version(actualStreamRevision);
    }

    public string StreamName { get; }

    /// <summary>Null where no revision was expected.</summary>
    public long? ExpectedVersion { get; }

    /// <summary>Null where there is no such stream.</summary>
    public long? ActualVersion { get; }

    /// <summary><see cref="StreamRevision.None"/> where there is no such stream.</summary>
    public StreamRevision ActualStreamRevision { get; }

    /// <summary><see cref="StreamRevision.None"/> where no revision was expected.</summary>
    public StreamRevision ExpectedStreamRevision { get; }

    private static long? Version(StreamRevision revision) => revision == StreamRevision.None ? null : revision.ToInt64();

    private static string Describe(string stream, string expected, StreamRevision actual) =>
        $"Append failed due to WrongExpectedVersion. Stream: {stream}, Expected {expected}, Actual version: {actual}";
}
