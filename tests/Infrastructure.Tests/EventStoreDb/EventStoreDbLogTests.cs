using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class EventStoreDbLogTests(EventStoreUnderTest store) : EventStoreContract, IClassFixture<EventStoreUnderTest>
{
    protected override bool UsesOurClock => false;

    protected override bool KnowsNext => false;

    private protected override async Task<IEventStore> OpenAsync() => await store.OpenAsync();
}
