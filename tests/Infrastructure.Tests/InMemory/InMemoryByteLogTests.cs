using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class InMemoryByteLogTests : EventStoreContract
{
    private InMemoryStore? store;

    private protected override Task<IEventStore> OpenAsync() => Task.FromResult<IEventStore>(new InMemoryEventStore(store ??= new InMemoryStore(Time)));
}
