namespace EventStore.Client;

public readonly struct WrongExpectedVersionResult : IWriteResult
{
    public WrongExpectedVersionResult(
        string streamName, StreamRevision nextExpectedStreamRevision, StreamRevision actualStreamRevision) =>
        (StreamName, NextExpectedStreamRevision, ActualStreamRevision) = (streamName, nextExpectedStreamRevision, actualStreamRevision);

    public string StreamName { get; }

    public long NextExpectedVersion => NextExpectedStreamRevision.ToInt64();

    public long ActualVersion => ActualStreamRevision.ToInt64();

    /// <summary><see cref="StreamRevision.None"/> where there is no such stream.</summary>
    public StreamRevision ActualStreamRevision { get; }

    /// <summary>None: nothing was written.</summary>
    public Position LogPosition => default;

    /// <summary>What the append expected; <see cref="StreamRevision.None"/> where that was no revision.</summary>
    public StreamRevision NextExpectedStreamRevision { get; }
}
