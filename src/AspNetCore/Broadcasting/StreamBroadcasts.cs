using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The broadcasts of the streams that have live observers on this node. A broadcast goes when its last
/// observer does.</summary>
internal sealed class StreamBroadcasts(StreamEngine engine) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, StreamBroadcast> broadcasts = [];
    private bool closed;

    public int Count
    {
        get { lock (gate) return broadcasts.Count; }
    }

    /// <returns>Null: the observer has to read the log further first.</returns>
    /// <exception cref="LogUnavailableException">The engine is being stopped.</exception>
    public BroadcastSeat? TryJoin(StreamId stream, Revision has, BroadcastObserver observer)
    {
        lock (gate)
        {
            if (closed) throw new LogUnavailableException("The server is stopping.");
            if (!broadcasts.TryGetValue(stream, out var broadcast))
                broadcasts.Add(stream, broadcast = new StreamBroadcast(stream, has, engine.Log, engine.Time, engine.Logger, engine.Memory));
            return broadcast.TryJoin(observer, has) is null ? null : new BroadcastSeat(this, broadcast, observer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        StreamBroadcast[] all;
        lock (gate)
        {
            closed = true;
            all = [.. broadcasts.Values];
            broadcasts.Clear();
        }

        await Task.WhenAll(all.Select(broadcast => broadcast.TellEndingAsync()));
        await Task.WhenAll(all.Select(broadcast => broadcast.DisposeAsync().AsTask()));
    }

    internal async ValueTask LeaveAsync(StreamBroadcast broadcast, BroadcastObserver observer)
    {
        var isUnused = false;
        lock (gate)
        {
            // One that is not here any more is being stopped by another caller.
            if (broadcast.Leave(observer) == 0 && broadcasts.TryGetValue(broadcast.Stream, out var here) && here == broadcast) isUnused = broadcasts.Remove(broadcast.Stream);
        }

        if (isUnused) await broadcast.DisposeAsync();
    }
}

/// <summary>An observer in its broadcast; leaves it when disposed.</summary>
internal sealed record BroadcastSeat(StreamBroadcasts Broadcasts, StreamBroadcast Broadcast, BroadcastObserver Observer) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Broadcasts.LeaveAsync(Broadcast, Observer);
}
