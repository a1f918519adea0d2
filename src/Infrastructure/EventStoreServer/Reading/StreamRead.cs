using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

using Options = ReadReq.Types.Options;
using Starting = ReadReq.Types.Options.Types.StreamOptions.RevisionOptionOneofCase;

/// <summary>A stream's events from a revision on, that one included, up to a count.</summary>
internal static class StreamRead
{
    private const ulong PageEvents = 512;

    public static async Task RunAsync(SqliteEventStore log, Options options, ReadOutput output, EventSender sender, CancellationToken ct)
    {
        var stream = StreamNames.Read(options.Stream.StreamIdentifier);
        var forward = options.ReadDirection == Options.Types.ReadDirection.Forwards;
        var from = From(options.Stream);
        if (options.Count == 0 || (forward && from == long.MaxValue)) throw Refused.UnexpectedResult("ReadStreamResult");

        var head = -1L;
        var isEmpty = true;
        for (var (left, atEnd) = (options.Count, false); left > 0 && !atEnd;)
        {
            (var read, head) = await log.ReadPageAsync(stream, from, forward, (int)Math.Min(left, PageEvents), ct);
            if (read is StoreRead.Tombstoned) throw Refused.StreamDeleted(stream);
            if (read is not StoreRead.Page page)
            {
                if (isEmpty) await output.WriteAsync(NotFound(stream), ct);
                return;
            }

            foreach (var stored in page.Events) await sender.SendAsync(stored, ct);
            atEnd = page.AtEnd;
            if (page.Events is not [.., var last]) continue;
            isEmpty = false;
            left -= (ulong)page.Events.Count;
            from = last.Revision + (forward ? 1 : -1);
        }

        if (options.ControlOption is not { Compatibility: >= 1 }) return;
        if (isEmpty && forward) await output.WriteAsync(new ReadResp { FirstStreamPosition = (ulong)(head + 1) }, ct);
        await output.WriteAsync(new ReadResp { LastStreamPosition = (ulong)head }, ct);
    }

    /// <returns>2^63−1 for the end.</returns>
    private static long From(Options.Types.StreamOptions options) => options.RevisionOptionCase switch
    {
        Starting.Start => 0,
        Starting.End => long.MaxValue,
        Starting.Revision => (long)Math.Min(options.Revision, long.MaxValue),
        _ => throw Refused.Unusable(),
    };

    private static ReadResp NotFound(string stream) =>
        new() { StreamNotFound = new ReadResp.Types.StreamNotFound { StreamIdentifier = StreamNames.Write(stream) } };
}
