namespace EventStore.Client;

/// <summary>The stream was not as expected; nothing was written.</summary>
public class WrongExpectedVersionException : Exception
{
    internal WrongExpectedVersionException(string stream, StreamRevision expected, StreamRevision actual, Exception? cause = null)
        : base($"Append failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, Actual version: {actual}", cause) =>
        (StreamName, ExpectedVersion, ActualVersion) = (stream, Version(expected), Version(actual));

    internal string StreamName { get; }

    /// <summary>Null where no revision was expected.</summary>
    internal long? ExpectedVersion { get; }

    /// <summary>Null where there is no such stream.</summary>
    public long? ActualVersion { get; }

    private static long? Version(StreamRevision revision) => revision == StreamRevision.None ? null : revision.ToInt64();
}
