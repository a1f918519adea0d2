using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>A client, what is known of its node, and the sign that another client has taken its place.</summary>
internal sealed class ClientInUse(EventStoreClient client, long now) : IAsyncDisposable
{
    private readonly CancellationTokenSource replaced = new();
    private long answeredAt = now;
    private int unanswered;

    public EventStoreClient Client => client;

    /// <summary>Fires when another one is used: what still waits for this one is asked again there.</summary>
    public CancellationToken Replaced => replaced.Token;

    /// <summary>When its node was heard of last, as a timestamp of the clock.</summary>
    public long AnsweredAt => Volatile.Read(ref answeredAt);

    /// <summary>Writes without an answer since the last one that was answered.</summary>
    public int UnansweredWrites => Volatile.Read(ref unanswered);

    public void Heard(long now) => Volatile.Write(ref answeredAt, now);

    public void Wrote() => Volatile.Write(ref unanswered, 0);

    public void WroteInVain() => Interlocked.Increment(ref unanswered);

    public async ValueTask DisposeAsync()
    {
        await replaced.CancelAsync().ConfigureAwait(false);
        await client.DisposeAsync().ConfigureAwait(false);
    }
}
