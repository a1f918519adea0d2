namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class InMemoryEventLogTests : EventLogContract
{
    private InMemoryStore? store;

    protected override Task<IByteLog> OpenStoreAsync() => Task.FromResult<IByteLog>(new InMemoryByteLog(store ??= new InMemoryStore(Time)));
}
