namespace EventStore.Client;

public readonly struct WrongExpectedVersionResult : IWriteResult
{
    internal WrongExpectedVersionResult(string stream, StreamRevision expected, StreamRevision actual) =>
        (StreamName, Expected, ActualStreamRevision) = (stream, expected, actual);

    internal string StreamName { get; }

    /// <summary><see cref="StreamRevision.None"/> where there is no such stream.</summary>
    public StreamRevision ActualStreamRevision { get; }

    /// <summary>None: nothing was written.</summary>
    Position IWriteResult.LogPosition => default;

    /// <summary>What the append expected; <see cref="StreamRevision.None"/> where that was no revision.</summary>
    StreamRevision IWriteResult.NextExpectedStreamRevision => Expected;

    internal StreamRevision Expected { get; }
}
