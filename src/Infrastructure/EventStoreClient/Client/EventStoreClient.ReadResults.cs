using System.Runtime.CompilerServices;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>What is read of all events.</summary>
    public sealed class ReadAllStreamResult
    {
        private readonly MessageSource source;

        internal ReadAllStreamResult(MessageSource source) => this.source = source;

        /// <summary>To be enumerated once; that begins the call, and throws <see cref="InvalidOperationException"/> the
        /// next time.</summary>
        public IAsyncEnumerable<StreamMessage> Messages => source.TakeAllAsync();
    }

    /// <summary>What is read of a stream.</summary>
    public sealed class ReadStreamResult
    {
        private readonly MessageSource source;

        internal ReadStreamResult(MessageSource source) => this.source = source;

        /// <summary>To be enumerated once; that begins the call, and throws <see cref="InvalidOperationException"/> the
        /// next time.</summary>
        public IAsyncEnumerable<StreamMessage> Messages => Enumerate();

        private async IAsyncEnumerable<StreamMessage> Enumerate([EnumeratorCancellation] CancellationToken ct = default)
        {
            var heard = false;
            await foreach (var message in source.TakeAllAsync(ct).ConfigureAwait(false))
            {
                if (!heard && message is not StreamMessage.NotFound) yield return StreamMessage.Ok.Instance;
                heard = true;
                yield return message;
            }
        }
    }
}
