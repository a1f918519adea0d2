namespace EventStore.Client;

public readonly record struct DeleteResult
{
    public readonly Position LogPosition;

    internal DeleteResult(Position logPosition) => LogPosition = logPosition;
}
