using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>One for all tests of a class.</summary>
public sealed class EventStoreUnderTest : StoreUnderTest, IAsyncLifetime;
