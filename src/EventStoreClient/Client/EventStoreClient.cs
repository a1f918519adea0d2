namespace EventStore.Client;

/// <summary>
/// A client of EventStoreDB or KurrentDB: one for a process, for all its threads. It finds a node at its first call, and another one
/// after the connection is lost or the node no longer leads; the calls that were under way then fail, later ones go to the new node.
/// </summary>
public sealed partial class EventStoreClient : IDisposable, IAsyncDisposable
{
    private readonly EventStoreClientSettings settings;

    public EventStoreClient(EventStoreClientSettings? settings = null)
    {
        this.settings = settings ?? new EventStoreClientSettings();
        ConnectionName = this.settings.ConnectionName ?? $"ES-{Guid.NewGuid()}";
    }

    public string ConnectionName { get; }

    public void Dispose() => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
