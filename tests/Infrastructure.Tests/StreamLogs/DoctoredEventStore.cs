using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>A log whose events are changed on the way to the reader, and whose answers to appends may be
/// others.</summary>
internal sealed class DoctoredEventStore(IEventStore behind) : DelegatingEventStore(behind)
{
    /// <summary>What becomes of an event that is read forward or followed; null drops it.</summary>
    public Func<StoredEvent, StoredEvent?> Doctor { get; set; } = e => e;

    /// <summary>What becomes of a read before it is made.</summary>
    public Func<StoreRead?> Read { get; set; } = () => null;

    /// <summary>What an append answers instead, after it was made.</summary>
    public Func<AppendOutcome, AppendOutcome> Answer { get; set; } = result => result;

    public override async Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Answer(await Behind.AppendAsync(stream, expected, events, ct));

    public override async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        if (Read() is { } instead) return instead;
        var read = await Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
        return read is StoreRead.Page page && forward
            ? page with { Events = [.. page.Events.Select(Doctor).OfType<StoredEvent>()] }
            : read;
    }

    public override IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct) =>
        Behind.FollowAsync(stream, from, ct).Select(Doctor).OfType<StoredEvent>();
}
