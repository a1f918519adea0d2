using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>
/// Following. A subscription whose connection is lost is made anew behind what was delivered. Nothing is gathered here:
/// the client holds one message, and a slow follower holds the server back by HTTP/2's window.
/// </remarks>
internal sealed partial class EventStoreDbStore
{
    private const int MissedPage = 256;

    public async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        var next = from;
        await foreach (var message in SubscribedAsync(Right.Read, stream, Subscribe, ct).ConfigureAwait(false))
        {
            var stored = message is StreamMessage.Event(var resolved) ? resolved.ToStored() : null;
            if (stored is { IsTombstone: true }) throw new StreamTombstonedException(stream);
            if (stored is null ? message is StreamMessage.CaughtUp : stored.Revision > next)
            {
                await foreach (var missed in MissedAsync(stream, next, stored?.Revision, ct).ConfigureAwait(false))
                {
                    next = missed.Revision + 1;
                    yield return missed;
                }
            }

            if (stored is null || stored.Revision < next) continue;
            next = stored.Revision + 1;
            yield return stored;
        }

        // "After" is exclusive.
        Task<EventStoreClient.StreamSubscriptionResult> Subscribe(EventStoreClient client, CancellationToken lifetime) => Task.FromResult(client.SubscribeToStream(
            stream, next == 0 ? FromStream.Start : FromStream.After(StreamPosition.FromInt64(next - 1)), cancellationToken: lifetime));
    }

    /// <summary>
    /// What a subscription has left out. A server that goes from what is there to what is live may leave out an event
    /// that is written in the same moment: it compares a revision and a position that it has read one after the other.
    /// So it is asked for what it may have left out: before an event that comes too early, and when it has caught up.
    /// </summary>
    /// <param name="before">The event that came; null: all there is.</param>
    private async IAsyncEnumerable<StoredEvent> MissedAsync(string stream, long from, long? before, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var (next, wanted) = (from, true); wanted;)
        {
            var read = await near.RepeatedAsync((client, attempt) => PageAsync(client, stream, next, forward: true, MissedPage, attempt), ct).ConfigureAwait(false);
            if (read is StoreRead.Tombstoned) throw new StreamTombstonedException(stream);
            if (read is not StoreRead.Page page) yield break;
            foreach (var missed in page.Events)
            {
                if (missed.Revision >= before) yield break;
                if (before is not null && missed.Revision == from) logger.MissedRead(stream, from);
                next = missed.Revision + 1;
                yield return missed;
            }

            wanted = !page.AtEnd && page.Events.Count > 0;
        }
    }

    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = new FeedPlace(after);
        await using var watched = WatchReadAll();
        await foreach (var message in SubscribedAsync(Right.ReadAll, All, SubscribeAsync, ct).ConfigureAwait(false))
        {
            if (message is StreamMessage.Event(var resolved)
                && resolved.ToStored() is var stored
                && place.Pass(stored, filter))
                yield return stored;
            if (message is StreamMessage.AllStreamCheckpointReached(var checkpoint)) place.Reached(checkpoint.ToLog());
            if (place.HasCaughtUp(message is StreamMessage.CaughtUp)) yield return null;
        }

        async Task<EventStoreClient.StreamSubscriptionResult> SubscribeAsync(EventStoreClient client, CancellationToken lifetime)
        {
            if (place.Last is { } last && (await FindAsync(last.Position, lifetime).ConfigureAwait(false))?.Id != last.Id)
                throw new LogRestoredException();
            var serverFilter = AllFilter.Of(filter);
            if (!place.SaidSo) place.End = await EndAsync(client, serverFilter, lifetime).ConfigureAwait(false);
            return client.SubscribeToAll(
                place.At == LogPosition.Start ? FromAll.Start : FromAll.After(place.At.ToStore()),
                filterOptions: serverFilter is null ? null : new SubscriptionFilterOptions(serverFilter),
                cancellationToken: lifetime);
        }
    }

    /// <summary>
    /// The last position that the filter lets through, since servers before 23.10 do not say when a subscription has
    /// caught up. Null: it was not found in time, and only the server can say.
    /// </summary>
    private async Task<LogPosition?> EndAsync(EventStoreClient client, IEventFilter? filter, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.AttemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return (await LastAsync(client, filter, either.Token).ConfigureAwait(false))?.Position ?? LogPosition.Start;
        }
        catch (Exception e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested && (Faults.IsOutage(e) || e is OperationCanceledException))
        {
            return null;
        }
    }

    /// <summary>The last event that the filter lets through; null: none.</summary>
    private static async ValueTask<StoredEvent?> LastAsync(EventStoreClient client, IEventFilter? filter, CancellationToken ct)
    {
        var read = client.ReadAllAsync(Direction.Backwards, Position.End, filter, maxCount: 1, cancellationToken: ct);
        await foreach (var message in read.Messages.ConfigureAwait(false))
        {
            if (message is StreamMessage.Event(var resolved)) return resolved.ToStored();
        }

        return null;
    }
}
