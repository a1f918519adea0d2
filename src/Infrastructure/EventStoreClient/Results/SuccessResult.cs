namespace EventStore.Client;

internal sealed record SuccessResult(StreamRevision NextExpectedStreamRevision, Position LogPosition) : IWriteResult;
