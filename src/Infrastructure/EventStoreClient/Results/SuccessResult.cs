namespace EventStore.Client;

public readonly record struct SuccessResult : IWriteResult
{
    public SuccessResult(StreamRevision nextExpectedStreamRevision, Position logPosition) =>
        (NextExpectedStreamRevision, LogPosition) = (nextExpectedStreamRevision, logPosition);

    public long NextExpectedVersion => NextExpectedStreamRevision.ToInt64();

    public Position LogPosition { get; }

    public StreamRevision NextExpectedStreamRevision { get; }

    public override string ToString() => $"{NextExpectedStreamRevision}:{LogPosition}";
}
