namespace EventStore.Client;

public readonly record struct DeleteResult
{
    internal readonly Position LogPosition;

    internal DeleteResult(Position logPosition) => LogPosition = logPosition;
}
