using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class EventStoreDbEventLogTests(EventStoreUnderTest store) : StreamLogContract, IClassFixture<EventStoreUnderTest>
{
    private protected override async Task<IEventStore> OpenStoreAsync() => await store.OpenAsync();
}
