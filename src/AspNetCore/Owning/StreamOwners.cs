using EventSourcedStreams.Domain;
using Microsoft.Extensions.Caching.Memory;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The owners of streams, from each one's first event. It never changes, so those asked for lately are kept,
/// within a bound.</summary>
internal sealed class StreamOwners(StreamLog log) : IDisposable
{
    /// <summary>A name or so each. Past it a stream costs one event again.</summary>
    private const int MaxStreams = 10_000;

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MaxStreams });

    /// <summary>Null for a stream that is not there; empty for one that has no such label.</summary>
    /// <exception cref="StreamGoneException">It was deleted, and was not kept here.</exception>
    public async Task<string?> FindAsync(StreamId id, string label, CancellationToken ct)
    {
        if (kept.TryGetValue((id, label), out string? owner)) return owner;

        // What is near may not have heard of a stream that was created just now.
        var first = await log.ReadOneAsync(id, Revision.From(0), ReadFrom.Anywhere, ct)
            ?? await log.ReadOneAsync(id, Revision.From(0), ReadFrom.Leader, ct);
        if (first?.Event is not StreamEvent.StreamCreated created) return null;
        return kept.Set((id, label), created.Labels[label] ?? "", new MemoryCacheEntryOptions { Size = 1 });
    }

    public void Dispose() => kept.Dispose();
}
