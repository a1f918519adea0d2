using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>A log whose events somebody changes on the way to the reader, and whose answers to appends may be others.</summary>
internal sealed class DoctoredEventStore(IEventStore log) : IEventStore
{
    /// <summary>What becomes of an event that is read forward or followed; null drops it.</summary>
    public Func<StoredEvent, StoredEvent?> Doctor { get; set; } = e => e;

    /// <summary>What becomes of a read before it is made.</summary>
    public Func<StoreRead?> Read { get; set; } = () => null;

    /// <summary>What an append answers instead, after it was made.</summary>
    public Func<AppendOutcome, AppendOutcome> Answer { get; set; } = result => result;

    public bool IsExclusive => log.IsExclusive;

    public async Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Answer(await log.AppendAsync(stream, expected, events, ct));

    public async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        if (Read() is { } instead) return instead;
        var read = await log.ReadAsync(stream, from, forward, maxCount, leader, ct);
        return read is StoreRead.Page page && forward
            ? page with { Events = [.. page.Events.Select(Doctor).OfType<StoredEvent>()] }
            : read;
    }

    public IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct) =>
        log.FollowAsync(stream, from, ct).Select(Doctor).OfType<StoredEvent>();

    public IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, StoreFilter filter, CancellationToken ct) =>
        log.FollowAllAsync(after, filter, ct);

    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => log.FindAsync(position, ct);

    public Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        log.TombstoneAsync(stream, expected, id, metadata, ct);

    public Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct) => log.SetLimitsAsync(stream, limits, ct);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
