using System.Runtime.CompilerServices;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>What is read of all events. It can be enumerated once, either its events or its messages; that begins the call.</summary>
    public sealed class ReadAllStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        private readonly MessageSource source;

        internal ReadAllStreamResult(MessageSource source) => this.source = source;

        /// <summary>Null until the server has said it.</summary>
        public Position? LastPosition { get; private set; }

        /// <exception cref="InvalidOperationException">They are enumerated already.</exception>
        public IAsyncEnumerable<StreamMessage> Messages => Enumerate();

        public async IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await foreach (var message in Enumerate(cancellationToken).ConfigureAwait(false))
            {
                if (message is StreamMessage.Event(var read)) yield return read;
            }
        }

        private async IAsyncEnumerable<StreamMessage> Enumerate(
            [EnumeratorCancellation] CancellationToken ct = default)
        {
            source.Take();
            await foreach (var response in source.TakeAllAsync(ct).ConfigureAwait(false))
            {
                var message = ReadResponses.Message(response);
                if (message is StreamMessage.LastAllStreamPosition(var last)) LastPosition = last;
                yield return message;
            }
        }
    }

    /// <summary>What is read of a stream. It can be enumerated once, either its events or its messages; that or its state begins the call.</summary>
    public sealed class ReadStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        private readonly MessageSource source;
        private readonly Lazy<Task<ReadState>> state;

        internal ReadStreamResult(string streamName, MessageSource source)
        {
            (StreamName, this.source) = (streamName, source);
            state = new Lazy<Task<ReadState>>(StateAsync);
        }

        public string StreamName { get; }

        /// <summary>Null until the server has said it.</summary>
        public StreamPosition? FirstStreamPosition { get; private set; }

        /// <summary>Null until the server has said it.</summary>
        public StreamPosition? LastStreamPosition { get; private set; }

        /// <exception cref="InvalidOperationException">They are enumerated already.</exception>
        public IAsyncEnumerable<StreamMessage> Messages => Enumerate();

        /// <summary>Whether there is such a stream. Who asks goes on to enumerate, or ends the call by its token.</summary>
        public Task<ReadState> ReadState => state.Value;

        /// <exception cref="StreamNotFoundException">There is no such stream.</exception>
        public async IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await foreach (var message in Enumerate(cancellationToken).ConfigureAwait(false))
            {
                if (message is StreamMessage.NotFound) throw new StreamNotFoundException(StreamName);
                if (message is StreamMessage.Event(var read)) yield return read;
            }
        }

        private async IAsyncEnumerable<StreamMessage> Enumerate(
            [EnumeratorCancellation] CancellationToken ct = default)
        {
            source.Take();
            var heard = false;
            await foreach (var response in source.TakeAllAsync(ct).ConfigureAwait(false))
            {
                var message = ReadResponses.Message(response);
                if (!heard && message is not StreamMessage.NotFound) yield return StreamMessage.Ok.Instance;
                heard = true;
                if (message is StreamMessage.FirstStreamPosition(var first)) FirstStreamPosition = first;
                if (message is StreamMessage.LastStreamPosition(var last)) LastStreamPosition = last;
                yield return message;
            }
        }

        private async Task<ReadState> StateAsync()
        {
            var first = await source.FirstAsync().ConfigureAwait(false);
            return first is { ContentCase: ReadResp.ContentOneofCase.StreamNotFound } ? Client.ReadState.StreamNotFound : Client.ReadState.Ok;
        }
    }
}
