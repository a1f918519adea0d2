using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The hubs of the streams that somebody on this node follows live. A hub goes when its last observer does.</summary>
internal sealed class StreamBroadcasts(StreamEngine engine) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, StreamBroadcast> hubs = [];
    private bool closed;

    public int Count
    {
        get { lock (gate) return hubs.Count; }
    }

    /// <returns>Null: the observer has to read the log further first.</returns>
    /// <exception cref="LogUnavailableException">The engine is being stopped.</exception>
    public BroadcastSeat? TryJoin(StreamId stream, Revision has, BroadcastObserver observer)
    {
        lock (gate)
        {
            if (closed) throw new LogUnavailableException("The server is stopping.");
            if (!hubs.TryGetValue(stream, out var hub))
                hubs.Add(stream, hub = new StreamBroadcast(stream, has, engine.Log, engine.Time, engine.Logger));
            return hub.TryJoin(observer, has) is { } from ? new BroadcastSeat(this, hub, observer, from) : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        StreamBroadcast[] all;
        lock (gate)
        {
            closed = true;
            all = [.. hubs.Values];
            hubs.Clear();
        }

        await Task.WhenAll(all.Select(hub => hub.DisposeAsync().AsTask()));
    }

    internal async ValueTask LeaveAsync(StreamBroadcast hub, BroadcastObserver observer)
    {
        var isUnused = false;
        lock (gate)
        {
            // One that is not here any more is being stopped by somebody else.
            if (hub.Leave(observer) == 0 && hubs.TryGetValue(hub.Stream, out var here) && here == hub) isUnused = hubs.Remove(hub.Stream);
        }

        if (isUnused) await hub.DisposeAsync();
    }
}

/// <summary>An observer in its hub; leaves it when disposed.</summary>
/// <param name="From">The frame after which it goes on.</param>
internal sealed record BroadcastSeat(StreamBroadcasts Broadcasts, StreamBroadcast Broadcast, BroadcastObserver Observer, BroadcastFrame From) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Broadcasts.LeaveAsync(Broadcast, Observer);
}
