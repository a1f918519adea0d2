namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>All events after a position, and those to come. It ends by an exception when the connection is
    /// lost.</summary>
    /// <param name="filterOptions">Null for all.</param>
    public StreamSubscriptionResult SubscribeToAll(
        FromAll start,
        bool resolveLinkTos = false,
        SubscriptionFilterOptions? filterOptions = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Messages(ReadRequests.Subscription(start, filterOptions, resolveLinkTos), null, userCredentials, cancellationToken));

    /// <summary>A stream's events after a position, and those to come, though there be no such stream yet. It ends by
    /// an exception when the connection is lost or the stream gets a tombstone.</summary>
    public StreamSubscriptionResult SubscribeToStream(
        string streamName,
        FromStream start,
        bool resolveLinkTos = false,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Messages(ReadRequests.Subscription(streamName, start, resolveLinkTos), null, userCredentials, cancellationToken));

    /// <summary>What a subscription hears.</summary>
    public sealed class StreamSubscriptionResult : IAsyncDisposable
    {
        private readonly MessageSource source;

        internal StreamSubscriptionResult(MessageSource source) => this.source = source;

        /// <summary>To be enumerated once; that begins the call, and throws <see cref="InvalidOperationException"/> the
        /// next time.</summary>
        public IAsyncEnumerable<StreamMessage> Messages => source.TakeAllAsync();

        /// <summary>Ends the call.</summary>
        public ValueTask DisposeAsync()
        {
            source.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
