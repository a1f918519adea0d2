using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>The streams that this node drives now, until it takes no more.</summary>
internal sealed class DrivenStreams
{
    private readonly ConcurrentDictionary<StreamId, StreamDrive> drives = new();
    private readonly Lock claiming = new();
    private volatile bool stopping;

    public int Count => drives.Count;

    public IEnumerable<StreamDrive> All => drives.Values;

    public IReadOnlyCollection<StreamId> Ids => [.. drives.Keys];

    /// <summary>Takes no new streams, from now on and for ever.</summary>
    public bool IsStopping => stopping;

    public bool Contains(StreamId id) => drives.ContainsKey(id);

    /// <summary>Null: this node does not drive it.</summary>
    public StreamDrive? Find(StreamId id) => drives.GetValueOrDefault(id);

    /// <summary>Null: it is taken in. A stop sees it, or it sees the stop: none comes in between.</summary>
    public DriveResult? Refused(StreamDrive starting)
    {
        lock (claiming)
        {
            if (stopping) return DriveResult.Unavailable.Stopping;
            return drives.TryAdd(starting.Id, starting) ? null : new DriveResult.AlreadyDriven();
        }
    }

    public void Remove(StreamDrive over) => drives.TryRemove(KeyValuePair.Create(over.Id, over));

    /// <returns>All that this node drives, and will ever have driven.</returns>
    public StreamDrive[] StopAccepting()
    {
        lock (claiming)
        {
            stopping = true;
            return [.. drives.Values];
        }
    }
}
