using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>Subscriptions that outlive their connections.</remarks>
internal sealed partial class EventStoreDbStore
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The messages of a subscription, and of the next one when its connection is lost or another client has
    /// taken its place, until cancelled.</summary>
    /// <param name="right">What the subscription needs, on <paramref name="what"/>.</param>
    private async IAsyncEnumerable<StreamMessage> SubscribedAsync(
        Right right,
        string what,
        Func<EventStoreClient, CancellationToken, Task<EventStoreClient.StreamSubscriptionResult>> subscribe,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var followed = near.Follow();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, closed.Token);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var client = near.Current;
            using var lifetime = CancellationTokenSource.CreateLinkedTokenSource(either.Token, client.Replaced);
            await using (var subscription = await TryAsync(client, async () => await BegunAsync(client, lifetime.Token).ConfigureAwait(false)).ConfigureAwait(false))
            {
                if (subscription is not null)
                {
                    await using var messages = subscription.Messages.GetAsyncEnumerator(lifetime.Token);
                    for (var isFirst = true; await TryAsync(client, () => messages.MoveNextAsync()).ConfigureAwait(false); isFirst = false)
                    {
                        near.Heard(client);
                        if (isFirst) rights.Granted(right);                      // what has begun goes on without
                        pause = FirstPause;
                        yield return messages.Current;
                    }
                }
            }

            // Many follow, and all of them lose their connection at the same time.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, either.Token).ConfigureAwait(false);
        }

        async Task<EventStoreClient.StreamSubscriptionResult> BegunAsync(ClientInUse client, CancellationToken lifetime)
        {
            await near.EnsureAsync(lifetime).ConfigureAwait(false);
            return await subscribe(client.Client, lifetime).ConfigureAwait(false);
        }

        // Nothing: the connection is gone, or there is none yet.
        async Task<T?> TryAsync<T>(ClientInUse client, Func<ValueTask<T>> act)
        {
            try
            {
                return await act().ConfigureAwait(false);
            }
            catch (StreamDeletedException e)
            {
                throw new StreamTombstonedException(e.Stream);
            }
            catch (Exception e) when (!either.IsCancellationRequested && client.Replaced.IsCancellationRequested && IsOver(e))
            {
                return default;
            }
            catch (Exception e) when (!either.IsCancellationRequested && IsOver(e))
            {
                near.Lost(client, e);
                if (e is AccessDeniedException or NotAuthenticatedException) rights.Denied(right, what, e);
                logger.Resubscribing(Faults.Words(e));
                return default;
            }
            catch (Exception e) when (either.IsCancellationRequested && Faults.IsUnavailable(e))
            {
                throw new OperationCanceledException(ct.IsCancellationRequested ? ct : either.Token);
            }
        }
    }

    private static bool IsOver(Exception e) => Faults.IsUnavailable(e) || e is LogUnavailableException or OperationCanceledException;

    /// <summary>Until what is returned is disposed of.</summary>
    private PeriodicCheck WatchReadAll() => new(
        options.RightsInterval,
        ct => near.RepeatedAsync((client, attempt) => rights.CheckedAsync(Right.ReadAll, All, LastAsync(client, null, attempt)), ct),
        time,
        logger.CheckFailed);
}
