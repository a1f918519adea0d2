using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// The client that calls go to, and the search for another one. A client looks for another node when its own is
/// unavailable or does not lead any more. A node that hangs says neither, and would keep its client for ever: so when a
/// call gets no answer, a new client looks for a node beside it. The first of the two that answers is used.
/// </summary>
/// <param name="ask">Asks a client's node for something small; throws where there is no answer.</param>
/// <param name="onSwitched">Another client is used from now on.</param>
internal sealed class ClientSwitch(
    Func<EventStoreClient> create,
    Func<EventStoreClient, CancellationToken, Task> ask,
    TimeSpan limit,
    TimeProvider time,
    Func<Task> onSwitched) : IAsyncDisposable
{
    /// <summary>A node that answers reads and, so many times in a row, no write leads no more than in its own
    /// eyes.</summary>
    private const int MostUnansweredWrites = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource closed = new();
    private ClientInUse current = new(create(), time.GetTimestamp());
    private Task search = Task.CompletedTask;

    public ClientInUse Current => Volatile.Read(ref current);

    /// <summary>A call to this client got no answer.</summary>
    public void Doubt(ClientInUse client)
    {
        lock (gate)
        {
            if (closed.IsCancellationRequested || client != current || !search.IsCompleted) return;
            search = Task.Run(() => SearchAsync(client));
        }
    }

    /// <returns>False: there was no answer in time.</returns>
    public async Task<bool> AnswersAsync(ClientInUse client, TimeSpan within, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token, closed.Token);
        try
        {
            await ask(client.Client, either.Token).ConfigureAwait(false);
            client.Heard(time.GetTimestamp());
            return true;
        }
        catch (Exception)
        {
            return false; // whatever it is: this client is of no use now
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            if (closed.IsCancellationRequested) return;
            closed.Cancel();
            last = search;
        }

        await last.ConfigureAwait(false);
        await current.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SearchAsync(ClientInUse doubted)
    {
        var other = new ClientInUse(create(), time.GetTimestamp());
        try
        {
            while (!closed.IsCancellationRequested)
            {
                if (await FirstToAnswerAsync(doubted, other).ConfigureAwait(false) is { } first)
                {
                    if (first == other) (other, doubted) = (await UseAsync(other).ConfigureAwait(false), other);
                    return;
                }

                await Task.Delay(Pause, time, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await other.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Null: neither in time.</summary>
    private async Task<ClientInUse?> FirstToAnswerAsync(ClientInUse doubted, ClientInUse other)
    {
        using var over = new CancellationTokenSource();
        List<Task<ClientInUse?>> asked = [AskedAsync(other)];
        if (doubted.UnansweredWrites < MostUnansweredWrites) asked.Add(AskedAsync(doubted));
        while (asked.Count > 0)
        {
            var done = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(done);
            if (await done.ConfigureAwait(false) is not { } first) continue;
            await over.CancelAsync().ConfigureAwait(false);
            foreach (var rest in asked) await rest.ConfigureAwait(false);
            return first;
        }

        return null;

        async Task<ClientInUse?> AskedAsync(ClientInUse client) =>
            await AnswersAsync(client, limit, over.Token).ConfigureAwait(false) ? client : null;
    }

    /// <returns>The one that was used before.</returns>
    private async Task<ClientInUse> UseAsync(ClientInUse found)
    {
        var before = Interlocked.Exchange(ref current, found);
        await onSwitched().ConfigureAwait(false);
        return before;
    }
}
