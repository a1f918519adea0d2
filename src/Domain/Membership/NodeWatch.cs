using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Tells which drivers are dead. A node is, when reads from the leader gave the same heartbeat over its outage limit
/// and 6 s more, by this process's monotonic clock; a failed read, a gap between reads, and a start begin the count
/// anew. Wall clocks decide nothing.
/// </summary>
/// <param name="exclusive">No other process can write to this log, so every other run is dead.</param>
internal sealed class NodeWatch(StreamLog log, NodeRun self, bool exclusive, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    /// <summary>No other process writes to the log: what another run wrote is a dead one's.</summary>
    public bool IsExclusive => exclusive;

    private readonly ConcurrentDictionary<string, Sighting> sightings = new(StringComparer.Ordinal);

    /// <summary>The last heartbeats of the nodes that were said to be dead. Only the observing loop uses it.</summary>
    private readonly Dictionary<string, EventId> told = new(StringComparer.Ordinal);

    /// <summary>Reads the nodes' heartbeats once; to be called every <see cref="Interval"/>. Forgets nodes that are not
    /// named.</summary>
    /// <returns>Whether one of them is dead, as was not said before: what it drove can be ended now.</returns>
    public async Task<bool> ObserveAsync(IReadOnlySet<string> nodes, CancellationToken ct)
    {
        foreach (var node in sightings.Keys)
        {
            if (nodes.Contains(node)) continue;
            sightings.TryRemove(node, out _);
        }

        // By itself: a node may have been said to be dead and not be seen now.
        foreach (var node in told.Keys)
        {
            if (!nodes.Contains(node)) told.Remove(node);
        }

        var (anyDead, fault) = (false, default(ExceptionDispatchInfo));
        foreach (var node in nodes)
        {
            try
            {
                if (await SightAsync(node, ct) is { IsDead: true } dead) anyDead |= IsNewlyDead(node, dead.Last.Id);
                else told.Remove(node);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // One node's damaged heartbeat must not keep the others from being seen.
                sightings.TryRemove(node, out _);
                fault ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        fault?.Throw();
        return anyDead;
    }

    /// <summary>
    /// Whether a driver, whose claim the caller has seen in the log, is dead for certain. A run of this node that is
    /// not the present one is; so is a run that is not its node's newest.
    /// </summary>
    public async Task<bool> IsDeadAsync(NodeRun driver, CancellationToken ct)
    {
        if (driver == self) return false;
        if (exclusive || driver.Node == self.Node) return true;

        // Read after the claim was seen: a run's first heartbeat comes before its first claim.
        if (await SightAsync(driver.Node, ct) is not { } sighting) return false;
        return sighting.Last.Heartbeat.Run != driver || sighting.IsDead;
    }

    /// <summary>The newest runs of these nodes, as their heartbeats stand in the log now, but for those that are dead,
    /// or of which nothing can be said.</summary>
    public async Task<IReadOnlyCollection<NodeRun>> AliveAsync(IReadOnlySet<string> nodes, CancellationToken ct)
    {
        var alive = new List<NodeRun>();
        foreach (var node in nodes)
        {
            try
            {
                if (await SightAsync(node, ct) is { IsDead: false } sighting) alive.Add(sighting.Last.Heartbeat.Run);
            }
            catch (Exception) when (!ct.IsCancellationRequested)
            {
                // Its streams are looked at one by one, and what is wrong is told then.
            }
        }

        return alive;
    }

    /// <summary>Whether the run that wrote a node's last heartbeat is dead; for a new run that wants to use its
    /// name.</summary>
    public async Task<bool> IsDeadRunAsync(RecordedHeartbeat last, CancellationToken ct) =>
        exclusive
        || (await SightAsync(last.Heartbeat.Run.Node, ct) is { } sighting
            && sighting.Last.Id == last.Id
            && sighting.IsSilent);

    private bool IsNewlyDead(string node, EventId lastHeartbeat)
    {
        if (told.TryGetValue(node, out var before) && before == lastHeartbeat) return false;
        told[node] = lastHeartbeat;
        return true;
    }

    private async Task<Sighting?> SightAsync(string node, CancellationToken ct)
    {
        try
        {
            var read = await log.ReadHeartbeatAsync(node, ct);
            if (read is null) return null;
            var now = time.GetTimestamp();
            return sightings.AddOrUpdate(
                node,
                _ => new Sighting(read, now, TimeSpan.Zero),
                (_, before) => new Sighting(
                    read,
                    now,
                    before.Last.Id == read.Id && time.GetElapsedTime(before.ReadAt, now) is var gap && gap <= LongestGap
                        ? before.Unchanged + gap
                        : TimeSpan.Zero));
        }
        catch (LogUnavailableException)
        {
            sightings.TryRemove(node, out _);
            return null;
        }
    }

    /// <param name="Unchanged">Over how long uninterrupted reads have given this same heartbeat.</param>
    private sealed record Sighting(RecordedHeartbeat Last, long ReadAt, TimeSpan Unchanged)
    {
        public bool IsSilent => Unchanged > Last.Heartbeat.OutageLimit + Grace;

        public bool IsDead => Last.Heartbeat.Stopped || IsSilent;
    }
}
