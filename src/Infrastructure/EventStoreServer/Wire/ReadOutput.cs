using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>What a read or a subscription sends. Flushing waits for the client, so that no more than this lies here for
/// it.</summary>
internal sealed class ReadOutput(ResponseBuffer<ReadResp> responses, bool structuredIds)
{
    private const int UnflushedBytes = 64 * 1024;

    private int unflushed;

    public async ValueTask WriteAsync(ReadResp response, CancellationToken ct)
    {
        unflushed += 32;
        await responses.WriteAsync(response, ct);
    }

    /// <param name="link">What led to the event; then the event may be missing.</param>
    public async ValueTask WriteAsync(StoredEvent? stored, StoredEvent? link, CancellationToken ct)
    {
        var read = new ReadResp.Types.ReadEvent { CommitPosition = (link ?? stored)!.Position.Commit };
        if (stored is not null) read.Event = Of(stored);
        if (link is not null) read.Link = Of(link);
        unflushed += 256 + (stored?.Size ?? 0) + (link?.Size ?? 0);
        await responses.WriteAsync(new ReadResp { Event = read }, ct);
        if (unflushed >= UnflushedBytes) await FlushAsync(ct);
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (unflushed == 0) return;
        unflushed = 0;
        await responses.FlushAsync(ct);
    }

    private ReadResp.Types.ReadEvent.Types.RecordedEvent Of(StoredEvent stored) => new()
    {
        Id = Uuids.Write(stored.Id.Value, structuredIds),
        StreamIdentifier = StreamNames.Write(stored.Stream),
        StreamRevision = (ulong)stored.Revision,
        PreparePosition = stored.Position.Prepare,
        CommitPosition = stored.Position.Commit,
        Metadata =
        {
            ["type"] = stored.Type,
            ["content-type"] = ContentTypes.Of(stored.ContentType),
            ["created"] = (stored.Created.UtcTicks - DateTimeOffset.UnixEpoch.Ticks).ToString(CultureInfo.InvariantCulture),
        },

        // The log never changes what it has read.
        CustomMetadata = UnsafeByteOperations.UnsafeWrap(stored.Metadata),
        Data = UnsafeByteOperations.UnsafeWrap(stored.Data),
    };
}
