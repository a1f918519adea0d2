namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class EventStoreDbLogTests(EventStoreUnderTest store) : ByteLogContract, IClassFixture<EventStoreUnderTest>
{
    protected override bool UsesOurClock => false;

    protected override async Task<IByteLog> OpenAsync() => await store.OpenAsync();
}
