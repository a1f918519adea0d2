using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Opens the store that the section <c>EventStore</c> names. Its clients are kept between tries: each goes on
/// looking for a node where the last try ended.</summary>
internal sealed class EventStoreDbOpener(EventStoreOptions options) : IEventStoreOpener
{
    private EventStoreDbStore? opening;

    public string? CachePath => options.CachePath;

    /// <inheritdoc cref="EventStoreDbOptions.AttemptLimit"/>
    public TimeSpan? AttemptLimit { get; init; }

    public bool KeepsParts => false;

    public async Task<OpenedEventStore> OpenAsync(StreamPrefix prefix, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        var wanted = new EventStoreDbOptions { ConnectionString = options.ConnectionString!, Prefix = prefix };
        var store = opening ??= EventStoreDbStore.Create(AttemptLimit is { } limit ? wanted with { AttemptLimit = limit } : wanted, time, logger);
        await store.ConnectAsync(ct).ConfigureAwait(false);
        opening = null;
        return new OpenedEventStore(store, () => store.Problem);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref opening, null) is { } unopened) await unopened.DisposeAsync().ConfigureAwait(false);
    }
}
