using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

using Options = ReadReq.Types.Options;
using Starting = ReadReq.Types.Options.Types.StreamOptions.RevisionOptionOneofCase;

/// <summary>A stream's events after a revision, then what comes. Ends when the stream gets its tombstone.</summary>
internal static class StreamSubscription
{
    public static async Task RunAsync(SqliteEventStore log, Options options, ReadOutput output, EventSender sender, CancellationToken ct)
    {
        var stream = StreamNames.Read(options.Stream.StreamIdentifier);
        var after = After(options.Stream);
        var (read, _) = await log.ReadPageAsync(stream, 0, forward: true, 1, ct);
        if (read is StoreRead.Tombstoned) throw Refused.StreamDeleted(stream);
        await output.WriteAsync(Subscriptions.Confirmation(), ct);
        await output.FlushAsync(ct);

        var isCaughtUp = false;
        await foreach (var page in log.FollowPagesAsync(stream, after, ct))
        {
            foreach (var stored in page.Events) await sender.SendAsync(stored, ct);
            if (page.AtEnd && !isCaughtUp)
            {
                isCaughtUp = true;
                await output.WriteAsync(Subscriptions.CaughtUp(), ct);
            }

            await output.FlushAsync(ct);
        }

        throw Refused.StreamDeleted(stream);
    }

    /// <returns>-1 for the start, null for the end.</returns>
    private static long? After(Options.Types.StreamOptions options) => options.RevisionOptionCase switch
    {
        Starting.Start => -1,
        Starting.End => null,
        Starting.Revision => options.Revision < long.MaxValue ? (long)options.Revision : null,
        _ => throw Refused.Unusable(),
    };
}
