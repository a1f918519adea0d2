namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    public StreamSubscriptionResult SubscribeToAll(
        FromAll start,
        bool resolveLinkTos = false,
        SubscriptionFilterOptions? filterOptions = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public StreamSubscriptionResult SubscribeToStream(
        string streamName,
        FromStream start,
        bool resolveLinkTos = false,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public sealed class StreamSubscriptionResult : IAsyncEnumerable<ResolvedEvent>, IAsyncDisposable, IDisposable
    {
        public string? SubscriptionId => throw new NotImplementedException();

        public IAsyncEnumerable<StreamMessage> Messages => throw new NotImplementedException();

        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotImplementedException();

        public void Dispose() => throw new NotImplementedException();

        public ValueTask DisposeAsync() => throw new NotImplementedException();
    }
}
