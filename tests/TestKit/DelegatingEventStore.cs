using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>A store that hands each call to the one behind it. A test's store derives from it, and overrides what it
/// changes.</summary>
internal abstract class DelegatingEventStore(IEventStore behind) : IEventStore
{
    /// <summary>What answers.</summary>
    public IEventStore Behind { get; set; } = behind;

    public virtual bool IsExclusive => Behind.IsExclusive;

    public virtual bool TellsTruncationOf(string stream) => Behind.TellsTruncationOf(stream);

    public virtual Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Behind.AppendAsync(stream, expected, events, ct);

    public virtual Task<StoreRead> ReadAsync(
        string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
        Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);

    public virtual IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct) =>
        Behind.FollowAsync(stream, from, ct);

    public virtual IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, StoreFilter filter, CancellationToken ct) =>
        Behind.FollowAllAsync(after, filter, ct);

    public virtual Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => Behind.FindAsync(position, ct);

    public virtual Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, Domain.EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        Behind.TombstoneAsync(stream, expected, id, metadata, ct);

    public virtual Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct) =>
        Behind.SetLimitsAsync(stream, limits, ct);

    public virtual ValueTask DisposeAsync() => Behind.DisposeAsync();
}
