namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>Positions are each server's own; how they relate is not: the same one is the same again, and order is
/// kept.</summary>
internal sealed class Positions
{
    private readonly SortedDictionary<ulong, ulong> ours = [];
    private readonly Dictionary<ulong, ulong> events = [];

    /// <summary>What stands here where the recording has this position.</summary>
    public ulong Of(ulong recorded) => ours[recorded];

    /// <returns>What is wrong; null: nothing.</returns>
    public string? Relate(ulong recorded, ulong mine)
    {
        if (mine == 0) return $"{recorded} came as 0";
        if (ours.TryGetValue(recorded, out var before)) return before == mine ? null : $"{recorded} was {before} before, and now is {mine}";
        foreach (var (other, its) in ours)
        {
            if (other < recorded ? its > mine : its < mine)
                return $"{recorded} came as {mine}, although {other} came as {its}";
        }

        ours.Add(recorded, mine);
        return null;
    }

    /// <summary>Of an event: no two have the same.</summary>
    public string? RelateEvent(ulong recorded, ulong mine)
    {
        if (!events.TryAdd(mine, recorded) && events[mine] != recorded) return $"{mine} came for {events[mine]} and for {recorded}";
        return Relate(recorded, mine);
    }
}
