using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <remarks>Following everything of ours. No chain is checked while it is followed: lifecycle events are only some of a
/// stream's (<see cref="LifecycleCheck"/>).</remarks>
internal sealed partial class StreamLog
{
    /// <summary>Everything of ours after a position but content, and what else <see cref="EventKinds"/> leaves out of
    /// it, in the log's order, until cancelled; at least once.</summary>
    public async IAsyncEnumerable<FeedItem> FollowAllAsync(LogPosition after, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = new StoreFilter([prefix.Texts, prefix.Requests, prefix.Jobs], EventKinds.LeftOutOfLifecycleFeed);
        var position = after;
        await foreach (var stored in store.FollowAllAsync(after, filter, ct))
        {
            if (stored is null)
            {
                yield return new FeedItem.CaughtUp(position);
                continue;
            }

            position = stored.Position;
            if (Item(stored) is { } item) yield return item;
        }
    }

    /// <summary>See <see cref="LifecycleCheck"/>.</summary>
    public Task<IReadOnlyList<FeedItem>> CheckedAsync(IReadOnlyList<FeedItem> run, CancellationToken ct) =>
        new LifecycleCheck(
            (stream, revision, from, token) => ReadAsync(prefix.Text(stream), revision, forward: true, maxCount: 1, from, token), links.Take)
            .RunAsync(run, ct);

    private FeedItem? Item(StoredEvent stored)
    {
        StreamId? text = prefix.TryGetText(stored.Stream, out var id) ? id : null;
        try
        {
            if (text is not null)
            {
                return stored.IsTombstone
                    ? new FeedItem.Tombstoned(stored.Position, stored.Id, id)
                    : new FeedItem.Recorded(StreamCodec.Decode(id, stored)) { Stored = stored };
            }

            if (stored.IsTombstone) return null;
            return stored.Stream == prefix.Requests ? Request(stored)
                : stored.Stream == prefix.Jobs ? new FeedItem.JobRequested(stored.Position, stored.Id)
                : null;
        }
        catch (LogDamagedException e)
        {
            return FeedItem.Damaged.Of(stored, text, e);
        }
    }

    private static FeedItem.Requested Request(StoredEvent stored)
    {
        var (@event, context) = ServiceCodec.Decode(stored);
        return @event is ServiceEvent.StreamCancelRequested request
            ? new FeedItem.Requested(stored.Position, stored.Id, request, context)
            : throw new LogDamagedException(stored.Stream, stored.Revision, $"A '{stored.Type}' is no request.");
    }
}
