using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

using Options = ReadReq.Types.Options;

/// <summary>Everything after a position, then what comes. With a filter, a checkpoint each so many events looked
/// at.</summary>
internal static class AllSubscription
{
    public static async Task RunAsync(SqliteEventStore log, Options options, ReadOutput output, EventSender sender, CancellationToken ct)
    {
        if (options.Filter is { CheckpointIntervalMultiplier: 0 }) throw Refused.Unusable();
        var filter = options.Filter is { } wanted ? EventFilter.From(wanted) : null;
        var after = AllPositions.Of(options.All);
        if (after == long.MaxValue) after = await log.EndAsync(ct);
        await output.WriteAsync(Subscriptions.Confirmation(), ct);
        await output.FlushAsync(ct);

        // A window of no event: EventStoreDB looks at none, and says so only by its silence.
        if (filter is { Interval: 0 }) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

        var isCaughtUp = false;
        var looked = 0UL;
        await foreach (var page in log.FollowAllPagesAsync(after, filter?.Matches, ct))
        {
            foreach (var (position, stored) in page.Seen)
            {
                if (stored is not null) await sender.SendAsync(stored, ct);
                if (filter is null || ++looked < filter.Interval) continue;
                looked = 0;
                await output.WriteAsync(Subscriptions.Checkpoint(position), ct);
            }

            if (page.AtEnd && !isCaughtUp)
            {
                isCaughtUp = true;
                await output.WriteAsync(Subscriptions.CaughtUp(), ct);
            }

            await output.FlushAsync(ct);
        }
    }
}
