using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class InMemoryEventLogTests : StreamLogContract
{
    private InMemoryStore? store;

    protected override bool HidesEvents => false;

    private protected override Task<IEventStore> OpenStoreAsync() => Task.FromResult<IEventStore>(new InMemoryEventStore(store ??= new InMemoryStore(Time)));
}
