using System.Runtime.CompilerServices;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>All events after a position, and those to come. It ends by an exception when the connection is lost.</summary>
    /// <param name="filterOptions">Null for all.</param>
    public StreamSubscriptionResult SubscribeToAll(
        FromAll start,
        bool resolveLinkTos = false,
        SubscriptionFilterOptions? filterOptions = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Messages(ReadRequests.Subscription(start, filterOptions, resolveLinkTos), null, userCredentials, cancellationToken));

    /// <summary>A stream's events after a position, and those to come, though there be no such stream yet. It ends by an exception when
    /// the connection is lost or the stream gets a tombstone.</summary>
    public StreamSubscriptionResult SubscribeToStream(
        string streamName,
        FromStream start,
        bool resolveLinkTos = false,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Messages(ReadRequests.Subscription(streamName, start, resolveLinkTos), null, userCredentials, cancellationToken));

    /// <summary>What a subscription hears. It can be enumerated once, either its events or its messages; that begins the call.</summary>
    public sealed class StreamSubscriptionResult : IAsyncEnumerable<ResolvedEvent>, IAsyncDisposable, IDisposable
    {
        private readonly MessageSource source;

        internal StreamSubscriptionResult(MessageSource source) => this.source = source;

        /// <summary>Null until the server has confirmed it.</summary>
        public string? SubscriptionId { get; private set; }

        /// <exception cref="InvalidOperationException">They are enumerated already.</exception>
        public IAsyncEnumerable<StreamMessage> Messages
        {
            get
            {
                source.Take();
                return Enumerate();
            }
        }

        public async IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            source.Take();
            await foreach (var message in Enumerate(cancellationToken).ConfigureAwait(false))
            {
                if (message is StreamMessage.Event(var read)) yield return read;
            }
        }

        public void Dispose() => source.Stop();

        public ValueTask DisposeAsync()
        {
            source.Stop();
            return ValueTask.CompletedTask;
        }

        private async IAsyncEnumerable<StreamMessage> Enumerate([EnumeratorCancellation] CancellationToken ct = default)
        {
            await foreach (var response in source.TakeAllAsync(ct).ConfigureAwait(false))
            {
                var message = ReadResponses.Message(response);
                if (message is StreamMessage.SubscriptionConfirmation(var id)) SubscriptionId = id;
                yield return message;
            }
        }
    }
}
