using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

using Counting = ReadReq.Types.Options.CountOptionOneofCase;
using Filtering = ReadReq.Types.Options.FilterOptionOneofCase;
using Ids = ReadReq.Types.Options.Types.UUIDOption.ContentOneofCase;
using Of = ReadReq.Types.Options.StreamOptionOneofCase;
using Options = ReadReq.Types.Options;

/// <summary>Read is four methods in one: a stream or everything, up to a count or as a subscription.</summary>
internal static class ReadCall
{
    public static async Task RunAsync(SqliteEventStore log, ReadReq request, ResponseBuffer<ReadResp> responses, CancellationToken ct)
    {
        var options = request.Options ?? throw Refused.Unusable();
        if (!IsSupported(options))
        {
            throw Refused.Invalid(
                $"The combination of ({options.StreamOptionCase}, {options.CountOptionCase}, {options.ReadDirection}, "
                + $"{options.FilterOptionCase}) is invalid.");
        }

        // EventStoreDB leaves a client without an answer that does not say how it reads ids.
        if (options.UuidOption is not { ContentCase: not Ids.None }) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

        var output = new ReadOutput(responses, options.UuidOption!.ContentCase == Ids.Structured);
        var sender = new EventSender(log, output, options.ResolveLinks);
        try
        {
            await (options switch
            {
                { StreamOptionCase: Of.Stream, CountOptionCase: Counting.Count } => StreamRead.RunAsync(log, options, output, sender, ct),
                { StreamOptionCase: Of.Stream } => StreamSubscription.RunAsync(log, options, output, sender, ct),
                { CountOptionCase: Counting.Count } => AllRead.RunAsync(log, options, sender, ct),
                _ => AllSubscription.RunAsync(log, options, output, sender, ct),
            });
        }
        finally
        {
            // A status goes behind what was written, and into the headers where nothing was sent yet.
            await output.FlushAsync(ct);
        }
    }

    private static bool IsSupported(Options options) =>
        options.StreamOptionCase != Of.None
        && options.CountOptionCase != Counting.None
        && (options.FilterOptionCase == Filtering.NoFilter
            || (options.FilterOptionCase == Filtering.Filter && options.StreamOptionCase == Of.All))
        && (options.ReadDirection == Options.Types.ReadDirection.Forwards
            || (options.ReadDirection == Options.Types.ReadDirection.Backwards && options.CountOptionCase == Counting.Count));
}
