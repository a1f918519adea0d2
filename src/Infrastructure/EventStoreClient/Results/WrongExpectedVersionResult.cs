namespace EventStore.Client;

public readonly struct WrongExpectedVersionResult : IWriteResult
{
    internal WrongExpectedVersionResult(string stream, StreamRevision expected, StreamRevision actual) =>
        (StreamName, NextExpectedStreamRevision, ActualStreamRevision) = (stream, expected, actual);

    internal string StreamName { get; }

    /// <summary><see cref="StreamRevision.None"/> where there is no such stream.</summary>
    public StreamRevision ActualStreamRevision { get; }

    /// <summary>None: nothing was written.</summary>
    public Position LogPosition => default;

    /// <summary>What the append expected; <see cref="StreamRevision.None"/> where that was no revision.</summary>
    public StreamRevision NextExpectedStreamRevision { get; }
}
