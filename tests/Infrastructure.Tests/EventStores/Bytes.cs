using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>Events to append, and short ways to speak with a log of bytes.</summary>
internal static class Bytes
{
    public static NewEvent Event(string data, string type = "ChunkPersisted") =>
        new(new EventId(Guid.NewGuid()), type, "application/json", Encoding.UTF8.GetBytes(data), "{}"u8.ToArray());

    public static NewEvent[] Events(int count, string data = "x") =>
        [.. Enumerable.Range(0, count).Select(i => Event($"{data}{i}"))];

    public static string Text(this StoredEvent stored) => Encoding.UTF8.GetString(stored.Data.Span);

    public static ExpectedRevision After(long revision) => ExpectedRevision.Exactly(Revision.From(revision));

    public static Task<AppendOutcome> AppendAsync(
        this IEventStore log, string stream, ExpectedRevision expected, params NewEvent[] events) =>
        log.AppendAsync(stream, expected, events, CancellationToken.None);

    public static async Task<AppendOutcome.Appended> AppendedAsync(
        this IEventStore log, string stream, ExpectedRevision expected, params NewEvent[] events) =>
        (await log.AppendAsync(stream, expected, events)).Should().BeOfType<AppendOutcome.Appended>().Which;

    public static Task<StoreRead> ReadAsync(
        this IEventStore log, string stream, long from = 0, bool forward = true, int maxCount = 1000) =>
        log.ReadAsync(stream, from, forward, maxCount, ReadFrom.Leader, CancellationToken.None);

    /// <summary>Page by page until a page says that it is the last one.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> ReadAllAsync(
        this IEventStore log, string stream, long from = 0, int pageOf = 1000)
    {
        var all = new List<StoredEvent>();
        while (true)
        {
            var page = (await log.ReadAsync(stream, from, maxCount: pageOf)).Should().BeOfType<StoreRead.Page>().Which;
            all.AddRange(page.Events);
            if (page.AtEnd) return all;
            page.Events.Should().NotBeEmpty("a page that is not the last one has something in it");
            from = page.Events[^1].Revision + 1;
        }
    }

    /// <summary>Takes the next items of a follow-up within a minute; more than that is a hang, not slowness.</summary>
    public static async Task<IReadOnlyList<T>> TakeAsync<T>(this IAsyncEnumerator<T> items, int count)
    {
        var taken = new List<T>(count);
        while (taken.Count < count)
        {
            (await items.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit)).Should().BeTrue();
            taken.Add(items.Current);
        }

        return taken;
    }
}
