using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>Links the span of each follower to the drive of its stream on this node, whichever of the two began first.
/// Holds only streams that have a span.</summary>
internal sealed class FollowerLinks
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, ActivityContext> drives = [];
    private readonly Dictionary<StreamId, List<Activity>> followers = [];

    /// <summary>A follower, until what is returned is disposed; null: its span is not kept.</summary>
    public IDisposable? Follow(StreamId stream, Activity? follower)
    {
        if (follower is not { IsAllDataRequested: true }) return null;
        lock (gate)
        {
            if (drives.TryGetValue(stream, out var drive)) follower.AddLink(StreamTracing.LinkTo(stream, drive));
            if (!followers.TryGetValue(stream, out var waiting)) followers.Add(stream, waiting = []);
            waiting.Add(follower);
        }

        return new Following(this, stream, follower);
    }

    public void Driven(StreamId stream, ActivityContext drive)
    {
        lock (gate)
        {
            drives[stream] = drive;
            foreach (var follower in followers.GetValueOrDefault(stream, [])) follower.AddLink(StreamTracing.LinkTo(stream, drive));
        }
    }

    /// <param name="drive">Another drive of the stream goes on.</param>
    public void Over(StreamId stream, ActivityContext drive)
    {
        lock (gate)
        {
            if (drives.TryGetValue(stream, out var last) && last == drive) drives.Remove(stream);
        }
    }

    private void Leave(StreamId stream, Activity follower)
    {
        lock (gate)
        {
            if (followers.TryGetValue(stream, out var waiting) && waiting.Remove(follower) && waiting.Count == 0) followers.Remove(stream);
        }
    }

    private sealed class Following(FollowerLinks links, StreamId stream, Activity follower) : IDisposable
    {
        public void Dispose() => links.Leave(stream, follower);
    }
}
