using EventStore.Client;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>One way to the store: to its leader, or to the node that the connection string prefers. What is asked over
/// it has a limit, and goes to another node where the first one hangs.</summary>
internal sealed class Connection : IAsyncDisposable
{
    /// <summary>A node of which nothing was heard for so long, while something is followed on it, is asked.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private readonly Circuit circuit;
    private readonly ClientSwitch clients;
    private readonly Func<CancellationToken, ValueTask> ensure;
    private readonly TimeSpan hangs;
    private readonly CancellationTokenSource closed = new();
    private readonly Task watch;
    private int followers;

    /// <param name="ensure">Before anything is asked: that the log is still the same one.</param>
    /// <param name="ask">Whether a client's node answers at all.</param>
    /// <param name="onLost">The next answer may come from another server.</param>
    public Connection(
        EventStoreDbOptions options,
        EventStoreClientSettings settings,
        Func<CancellationToken, ValueTask> ensure,
        Func<EventStoreClient, CancellationToken, Task> ask,
        Action onLost,
        TimeProvider time,
        ILogger logger)
    {
        (this.ensure, this.time, hangs) = (ensure, time, options.AttemptLimit / 2);
        circuit = new Circuit(options, time, logger, onLost);
        clients = new ClientSwitch(() => new EventStoreClient(settings), ask, options.AttemptLimit, time, async () =>
        {
            logger.ClientReplaced();
            onLost();
            await circuit.CloseAsync().ConfigureAwait(false);
        });
        watch = WatchAsync(closed.Token);
    }

    /// <summary>Why the server is being left alone, in words; null: it is not.</summary>
    public string? Problem => circuit.Problem;

    /// <summary>The client to follow with.</summary>
    public ClientInUse Current => clients.Current;

    /// <summary>For what must not be sent again by itself: a write.</summary>
    /// <exception cref="LogUnavailableException">There is no answer: whether it was done is not known.</exception>
    public Task<T> OnceAsync<T>(Func<EventStoreClient, CancellationToken, ValueTask<T>> act, CancellationToken ct) =>
        circuit.OnceAsync(attempt => EnsuredAsync(act, writes: true, attempt), ct);

    /// <summary>For what may be done twice.</summary>
    /// <exception cref="LogUnavailableException">There was no answer within the limit.</exception>
    public Task<T> RepeatedAsync<T>(Func<EventStoreClient, CancellationToken, ValueTask<T>> act, CancellationToken ct) =>
        circuit.RepeatedAsync(attempt => EnsuredAsync(act, writes: false, attempt), ct);

    /// <summary>One try without limit, of a log whose identity is not known.</summary>
    public ValueTask<T> AskAsync<T>(Func<EventStoreClient, CancellationToken, ValueTask<T>> act, CancellationToken ct) =>
        TryAsync(act, writes: false, ct);

    /// <summary>Ensures the log's identity, with the limits of any other call.</summary>
    public Task EnsureAsync(CancellationToken ct) => circuit.OnceAsync(
        async attempt =>
        {
            await ensure(attempt).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>While something is followed, its node is watched; until what is returned is disposed.</summary>
    public IDisposable Follow()
    {
        Interlocked.Increment(ref followers);
        return new Following(this);
    }

    /// <summary>A subscription over a client has ended, or could not begin.</summary>
    public void Lost(ClientInUse client, Exception e)
    {
        circuit.Lost(e);
        if (!Faults.IsSeenByClient(e)) clients.Doubt(client);
    }

    public void Heard(ClientInUse client) => client.Heard(time.GetTimestamp());

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await clients.DisposeAsync().ConfigureAwait(false);
        closed.Dispose();
    }

    private async ValueTask<T> EnsuredAsync<T>(Func<EventStoreClient, CancellationToken, ValueTask<T>> act, bool writes, CancellationToken attempt)
    {
        await ensure(attempt).ConfigureAwait(false);
        return await TryAsync(act, writes, attempt).ConfigureAwait(false);
    }

    private async ValueTask<T> TryAsync<T>(Func<EventStoreClient, CancellationToken, ValueTask<T>> act, bool writes, CancellationToken attempt)
    {
        var (client, began) = (clients.Current, time.GetTimestamp());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt, client.Replaced);
        try
        {
            var answer = await act(client.Client, either.Token).ConfigureAwait(false);
            client.Heard(time.GetTimestamp());
            if (writes) client.Wrote();
            return answer;
        }
        catch (Exception e) when (client.Replaced.IsCancellationRequested && !attempt.IsCancellationRequested)
        {
            throw new ClientReplacedException(e);
        }
        catch (Exception e) when (IsSilence(e, began, attempt))
        {
            if (writes) client.WroteInVain();
            clients.Doubt(client);
            throw;
        }
    }

    /// <summary>A call that was given up counts where it has waited for some time, by whomever it was given
    /// up.</summary>
    private bool IsSilence(Exception e, long began, CancellationToken attempt) => attempt.IsCancellationRequested
        ? time.GetElapsedTime(began) >= hangs
        : Faults.IsOutage(e) && !Faults.IsSeenByClient(e);

    private async Task WatchAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(WatchInterval, time, ct).ConfigureAwait(false);
            var client = clients.Current;
            if (Volatile.Read(ref followers) == 0 || time.GetElapsedTime(client.AnsweredAt) < WatchInterval) continue;
            if (!await clients.AnswersAsync(client, hangs, ct).ConfigureAwait(false)) clients.Doubt(client);
        }
    }

    private sealed class Following(Connection connection) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) Interlocked.Decrement(ref connection.followers);
        }
    }
}
