using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Opens the store that the section <c>EventStore</c> names.</summary>
internal sealed class EventStoreDbOpener(EventStoreOptions options) : IEventStoreOpener
{
    public string? CachePath => options.CachePath;

    public async Task<OpenedEventStore> OpenAsync(StreamPrefix prefix, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        var store = await EventStoreDbStore.OpenAsync(
            new EventStoreDbOptions { ConnectionString = options.ConnectionString!, Prefix = prefix }, time, logger, ct).ConfigureAwait(false);
        return new OpenedEventStore(store, () => store.Problem);
    }
}
