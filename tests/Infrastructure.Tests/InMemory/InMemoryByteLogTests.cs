namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class InMemoryByteLogTests : ByteLogContract
{
    private InMemoryStore? store;

    protected override Task<IByteLog> OpenAsync() => Task.FromResult<IByteLog>(new InMemoryByteLog(store ??= new InMemoryStore(Time)));
}
