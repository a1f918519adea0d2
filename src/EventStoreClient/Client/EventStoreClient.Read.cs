namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        ReadAllAsync(direction, position, null, maxCount, resolveLinkTos, deadline, userCredentials, cancellationToken);

    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        IEventFilter? eventFilter,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public ReadStreamResult ReadStreamAsync(
        Direction direction,
        string streamName,
        StreamPosition revision,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public sealed class ReadAllStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        public Position? LastPosition => throw new NotImplementedException();

        public IAsyncEnumerable<StreamMessage> Messages => throw new NotImplementedException();

        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotImplementedException();
    }

    public sealed class ReadStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        public string StreamName => throw new NotImplementedException();

        public StreamPosition? FirstStreamPosition => throw new NotImplementedException();

        public StreamPosition? LastStreamPosition => throw new NotImplementedException();

        public IAsyncEnumerable<StreamMessage> Messages => throw new NotImplementedException();

        public Task<ReadState> ReadState => throw new NotImplementedException();

        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotImplementedException();
    }
}
