namespace EventStore.Client;

/// <summary>The channels of all nodes that are known: one each.</summary>
internal sealed class NodeChannels(EventStoreClientConnectivitySettings settings) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uri, NodeChannel> channels = [];
    private bool disposed;

    public NodeChannel For(Uri address)
    {
        lock (gate)
        {
            if (disposed) throw Faults.Disposed();
            if (channels.TryGetValue(address, out var channel)) return channel;
            return channels[address] = new NodeChannel(address, NodeHandler.Create(settings));
        }
    }

    /// <summary>Closes the channels of other nodes.</summary>
    public void Keep(IReadOnlyCollection<Uri> addresses)
    {
        lock (gate)
        {
            foreach (var (address, channel) in channels.Where(each => !addresses.Contains(each.Key)).ToArray())
            {
                channels.Remove(address);
                channel.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var channel in channels.Values) channel.Dispose();
            channels.Clear();
        }
    }
}
