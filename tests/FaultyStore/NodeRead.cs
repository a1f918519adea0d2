using System.Globalization;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;
using Recorded = EventSourcedStreams.EventStoreProtocol.Streams.ReadResp.Types.ReadEvent.Types.RecordedEvent;

namespace EventSourcedStreams.FaultyStore;

/// <summary>A read of a stream or of everything, as a node answers it that may not have all of it yet.</summary>
internal sealed class NodeRead(FaultyNode node, ReadReq request)
{
    public async Task RunAsync(Streams.StreamsClient served, IServerStreamWriter<ReadResp> to, CancellationToken ct)
    {
        if (!node.MayLag)
        {
            using var whole = served.Read(request, cancellationToken: ct);
            await foreach (var response in whole.ResponseStream.ReadAllAsync(ct)) await to.WriteAsync(response, ct);
            return;
        }

        var (left, isAnswered) = (request.Options.Count, false);
        var forwards = request.Options.ReadDirection == ReadReq.Types.Options.Types.ReadDirection.Forwards;
        var wanted = request.Clone();
        wanted.Options.Count = long.MaxValue;
        using var call = served.Read(wanted, cancellationToken: ct);
        await foreach (var response in call.ResponseStream.ReadAllAsync(ct))
        {
            var recorded = response.Event?.Event;
            if (recorded is not null && forwards && !node.Sees(Created(recorded))) break;
            if (recorded is null ? response.StreamNotFound is null : !node.Sees(Created(recorded))) continue;

            // Where a stream ends for this node, it tells by ending.
            isAnswered = true;
            await to.WriteAsync(response, ct);
            if (recorded is not null && --left == 0) return;
        }

        // From the start, or from the end.
        if (!isAnswered && request.Options.Stream is { Revision: 0 } stream)
            await to.WriteAsync(new ReadResp { StreamNotFound = new ReadResp.Types.StreamNotFound { StreamIdentifier = stream.StreamIdentifier } }, ct);
    }

    /// <summary>Ticks since 1970.</summary>
    public static long Created(Recorded recorded) => long.Parse(recorded.Metadata["created"], CultureInfo.InvariantCulture);
}
