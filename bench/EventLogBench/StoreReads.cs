using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>Reading one stream of 100,000 events, and as many of everything, from the beginning.</summary>
internal sealed class StoreReads(string stream, Func<NewEvent> next)
{
    private const int Events = 100_000;
    private const int Batch = 1000;

    public async Task WriteAsync(IEventStore log)
    {
        for (var made = 0; made < Events; made += Batch)
        {
            var expected = ExpectedRevision.Exactly(made == 0 ? Revision.None : Revision.From(made - 1));
            NewEvent[] batch = [.. Enumerable.Range(0, Batch).Select(_ => next())];
            if (await log.AppendAsync(stream, expected, batch, CancellationToken.None) is not AppendOutcome.Appended)
                throw new InvalidOperationException("An append was not acknowledged.");
        }
    }

    public async Task<Load> PagesAsync(IEventStore log, int maxCount)
    {
        var events = 0;
        while (await log.ReadAsync(stream, events, forward: true, maxCount, ReadFrom.Anywhere, CancellationToken.None) is StoreRead.Page page)
        {
            events += page.Events.Count;
            if (page.AtEnd) break;
        }

        return events == Events ? new Load(events) : throw new InvalidOperationException($"{events} events were read, not {Events}.");
    }

    public async Task<Load> FollowAsync(IEventStore log)
    {
        var events = 0;
        await foreach (var stored in log.FollowAsync(stream, 0, CancellationToken.None))
        {
            if (stored.Revision != events) throw new InvalidOperationException($"Event {stored.Revision} came where {events} was due.");
            if (++events == Events) break;
        }

        return new Load(events);
    }

    /// <summary>Of a log with more in it, the first ones.</summary>
    public static async Task<Load> FollowAllAsync(IEventStore log)
    {
        var events = 0;
        await foreach (var stored in log.FollowAllAsync(LogPosition.Start, new StoreFilter([], []), CancellationToken.None))
        {
            if (stored is null || ++events == Events) break;
        }

        return new Load(events);
    }
}
