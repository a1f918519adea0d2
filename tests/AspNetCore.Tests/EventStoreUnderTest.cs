using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>One for all tests of a class.</summary>
public sealed class EventStoreUnderTest : StoreUnderTest, IAsyncLifetime;
