namespace EventStore.Client;

public enum ReadState
{
    StreamNotFound,
    Ok,
}
