namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class EventStoreDbEventLogTests(EventStoreUnderTest store) : EventLogContract, IClassFixture<EventStoreUnderTest>
{
    protected override async Task<IByteLog> OpenStoreAsync() => await store.OpenAsync();
}
