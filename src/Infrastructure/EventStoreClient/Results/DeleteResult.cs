namespace EventStore.Client;

public readonly record struct DeleteResult
{
    public readonly Position LogPosition;

    public DeleteResult(Position logPosition) => LogPosition = logPosition;
}
