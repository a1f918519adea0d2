using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

using Options = ReadReq.Types.Options;

/// <summary>Everything, up to a count: forward from a position on, that one included; backward what lies before
/// it.</summary>
internal static class AllRead
{
    private const int PageRows = 2048;

    public static async Task RunAsync(SqliteEventStore log, Options options, EventSender sender, CancellationToken ct)
    {
        if (options.Count == 0) throw Refused.UnexpectedResult("ReadAllResult");
        var filter = options.Filter is { } wanted ? EventFilter.From(wanted) : null;
        var forward = options.ReadDirection == Options.Types.ReadDirection.Forwards;
        var from = AllPositions.Of(options.All);
        if (forward && from is > 0 and < long.MaxValue) from--;

        for (var (left, atEnd) = (options.Count, false); !atEnd;)
        {
            var rows = filter is null ? (int)Math.Min(left, PageRows) : PageRows;
            var page = await log.ReadAllAsync(from, forward, filter?.Matches, rows, ct);
            foreach (var seen in page.Seen)
            {
                if (seen.Event is null) continue;
                await sender.SendAsync(seen.Event, ct);
                if (--left == 0) return;
            }

            (from, atEnd) = (page.Upto, page.AtEnd);
        }
    }
}
