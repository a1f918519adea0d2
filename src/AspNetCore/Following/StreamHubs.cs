using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The hubs of the streams that somebody on this node follows live. A hub goes when its last observer does.</summary>
internal sealed class StreamHubs(StreamEngine engine) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, StreamHub> hubs = [];
    private bool closed;

    public int Count
    {
        get { lock (gate) return hubs.Count; }
    }

    /// <returns>Null: the observer has to read the log further first.</returns>
    /// <exception cref="LogUnavailableException">The engine is being stopped.</exception>
    public HubSeat? TryJoin(StreamId stream, Revision has, HubObserver observer)
    {
        lock (gate)
        {
            if (closed) throw new LogUnavailableException("The server is stopping.");
            if (!hubs.TryGetValue(stream, out var hub))
                hubs.Add(stream, hub = new StreamHub(stream, has, engine.Log, engine.Time));
            return hub.TryJoin(observer, has) is { } from ? new HubSeat(this, hub, observer, from) : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        StreamHub[] all;
        lock (gate)
        {
            closed = true;
            all = [.. hubs.Values];
            hubs.Clear();
        }

        await Task.WhenAll(all.Select(hub => hub.DisposeAsync().AsTask()));
    }

    internal async ValueTask LeaveAsync(StreamHub hub, HubObserver observer)
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
internal sealed record HubSeat(StreamHubs Hubs, StreamHub Hub, HubObserver Observer, HubFrame From) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Hubs.LeaveAsync(Hub, Observer);
}
