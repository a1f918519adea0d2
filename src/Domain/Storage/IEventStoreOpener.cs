using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>Opens the event store that takes the embedded one's place. Disposed of, it lets go of what it has not
/// opened; a store that it has opened is its caller's.</summary>
internal interface IEventStoreOpener : IAsyncDisposable
{
    /// <summary>A folder for this process's list of streams, so that a start reads only what is new; null: a temporary
    /// one.</summary>
    string? CachePath { get; }

    /// <summary>Whether a source's parts are kept where the configuration says nothing: not where nodes and tools of an
    /// older version may read the store, for which they would be damage.</summary>
    bool KeepsParts => true;

    /// <exception cref="LogUnavailableException">The store cannot be reached; opening is tried again.</exception>
    Task<OpenedEventStore> OpenAsync(StreamPrefix prefix, TimeProvider time, ILogger logger, CancellationToken ct);
}

/// <param name="Problem">Why the store does not answer now, in words, as soon as it knows; null from it: nothing is
/// known.</param>
internal sealed record OpenedEventStore(IEventStore Store, Func<string?> Problem);
