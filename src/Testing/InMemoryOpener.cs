using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Testing;

/// <summary>Opens the store of one app's tests.</summary>
internal sealed class InMemoryOpener(InMemoryStore store) : IEventStoreOpener
{
    public string? CachePath => null;

    public Task<OpenedEventStore> OpenAsync(StreamPrefix prefix, TimeProvider time, ILogger logger, CancellationToken ct) =>
        Task.FromResult(new OpenedEventStore(new InMemoryEventStore(store), () => null));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
