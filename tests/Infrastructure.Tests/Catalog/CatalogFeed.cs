using EventSourcedStreams.Domain;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>Writes streams' histories into a catalog as the feed over everything would, each event at the next
/// position.</summary>
internal sealed class CatalogFeed(IStreamCatalog catalog, string logId = "log-1")
{
    private ulong position;

    public List<FeedItem> Items { get; } = [];

    public CatalogCheckpoint Checkpoint =>
        new(logId, new LogPosition(position, position), new Domain.EventId(new Guid(1, 2, 3, new byte[8])));

    public LogPosition Next() => new(++position, position);

    public CatalogFeed With(string stream, params StreamEvent[] events) => With(stream, first: 0, events);

    public CatalogFeed With(string stream, long first, params StreamEvent[] events)
    {
        foreach (var e in events) Items.Add(new FeedItem.Recorded(Recorded(stream, first++, e, epoch: 1, position: Next().Commit)));
        return this;
    }

    public CatalogFeed WithTombstone(string stream)
    {
        Items.Add(new FeedItem.Tombstoned(Next(), new Domain.EventId(Guid.Empty), new StreamId(stream)));
        return this;
    }

    public async Task ApplyAsync()
    {
        await catalog.ApplyAsync(Items, Checkpoint, CancellationToken.None);
        Items.Clear();
    }
}
