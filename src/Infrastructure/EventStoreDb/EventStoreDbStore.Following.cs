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
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        var next = from;
        await foreach (var message in SubscribedAsync(Subscribe, ct).ConfigureAwait(false))
        {
            if (message is not StreamMessage.Event(var resolved)) continue;
            var stored = resolved.ToStored();
            if (stored.IsTombstone) throw new StreamTombstonedException(stream);
            if (stored.Revision < next) continue;
            next = stored.Revision + 1;
            yield return stored;
        }

        // "After" is exclusive.
        Task<EventStoreClient.StreamSubscriptionResult> Subscribe(CancellationToken lifetime) => Task.FromResult(near.SubscribeToStream(
            stream, next == 0 ? FromStream.Start : FromStream.After(StreamPosition.FromInt64(next - 1)), cancellationToken: lifetime));
    }

    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = new FeedPlace(after);
        await foreach (var message in SubscribedAsync(SubscribeAsync, ct).ConfigureAwait(false))
        {
            if (message is StreamMessage.Event(var resolved)
                && resolved.ToStored() is var stored
                && place.Pass(stored, filter))
                yield return stored;
            if (message is StreamMessage.AllStreamCheckpointReached(var checkpoint)) place.Reached(checkpoint.ToLog());
            if (place.HasCaughtUp(message is StreamMessage.CaughtUp)) yield return null;
        }

        async Task<EventStoreClient.StreamSubscriptionResult> SubscribeAsync(CancellationToken lifetime)
        {
            if (place.Last is { } last && (await FindAsync(last.Position, lifetime).ConfigureAwait(false))?.Id != last.Id)
                throw new LogRestoredException();
            var serverFilter = AllFilter.Of(filter);
            if (!place.SaidSo) place.End = await EndAsync(serverFilter, lifetime).ConfigureAwait(false);
            return near.SubscribeToAll(
                place.At == LogPosition.Start ? FromAll.Start : FromAll.After(place.At.ToStore()),
                filterOptions: serverFilter is null ? null : new SubscriptionFilterOptions(serverFilter),
                cancellationToken: lifetime);
        }
    }

    /// <summary>
    /// The last position that the filter lets through, since servers before 23.10 do not say when a subscription has
    /// caught up. Null: it was not found in time, and only the server can say.
    /// </summary>
    private async Task<LogPosition?> EndAsync(IEventFilter? filter, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.AttemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var read = near.ReadAllAsync(Direction.Backwards, Position.End, filter, maxCount: 1, cancellationToken: either.Token);
            await foreach (var message in read.Messages.ConfigureAwait(false))
            {
                if (message is StreamMessage.Event(var resolved)) return resolved.ToStored().Position;
            }

            return LogPosition.Start;
        }
        catch (Exception e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested && (Faults.IsOutage(e) || e is OperationCanceledException))
        {
            return null;
        }
    }

    /// <summary>The messages of a subscription, and of the next one when its connection is lost, until
    /// cancelled.</summary>
    private async IAsyncEnumerable<StreamMessage> SubscribedAsync(
        Func<CancellationToken, Task<EventStoreClient.StreamSubscriptionResult>> subscribe, [EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, closed.Token);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await using (var subscription = await TryAsync(async () => await SubscribedAsync().ConfigureAwait(false)).ConfigureAwait(false))
            {
                if (subscription is not null)
                {
                    await using var messages = subscription.Messages.GetAsyncEnumerator(either.Token);
                    while (await TryAsync(() => messages.MoveNextAsync()).ConfigureAwait(false))
                    {
                        pause = FirstPause;
                        yield return messages.Current;
                    }
                }
            }

            // Many follow, and all of them lose their connection at the same time.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, either.Token).ConfigureAwait(false);
        }

        async Task<EventStoreClient.StreamSubscriptionResult> SubscribedAsync()
        {
            await circuit.OnceAsync(EnsureIdentityAsync, either.Token).ConfigureAwait(false);
            return await subscribe(either.Token).ConfigureAwait(false);
        }

        // Nothing: the connection is gone, or there is none yet.
        async Task<T?> TryAsync<T>(Func<ValueTask<T>> act)
        {
            try
            {
                return await act().ConfigureAwait(false);
            }
            catch (StreamDeletedException e)
            {
                throw new StreamTombstonedException(e.Stream);
            }
            catch (Exception e) when (!either.IsCancellationRequested && (Faults.IsUnavailable(e) || e is LogUnavailableException or OperationCanceledException))
            {
                circuit.Lost(e);
                logger.Resubscribing(Faults.Words(e));
                return default;
            }
            catch (Exception e) when (either.IsCancellationRequested && Faults.IsUnavailable(e))
            {
                throw new OperationCanceledException(ct.IsCancellationRequested ? ct : either.Token);
            }
        }
    }
}

/// <summary>Ends <see cref="IEventStoreReader.FollowAllAsync"/>: what it delivered is not in the log any more. Check
/// the place and follow anew.</summary>
internal sealed class LogRestoredException()
    : Exception("The event log no longer holds what it has delivered: an older state of it was restored.");
