namespace EventSourcedStreams.Domain;

/// <summary>
/// For how long this process has seen streams in one state, by its monotonic clock: what other processes' clocks say
/// decides nothing. One caller at a time.
/// </summary>
internal sealed class SeenStreams(TimeProvider time)
{
    /// <summary>Beyond these a stream waits until others are gone.</summary>
    private const int Most = 10_000;

    private readonly Dictionary<StreamId, (long Since, int Turn)> seen = [];
    private int turn;

    /// <summary>To be asked for each stream in that state, again and again.</summary>
    public TimeSpan For(StreamId stream)
    {
        var now = time.GetTimestamp();
        if (!seen.TryGetValue(stream, out var before))
        {
            if (seen.Count == Most) return TimeSpan.Zero;
            before = (now, turn);
        }

        seen[stream] = before with { Turn = turn };
        return time.GetElapsedTime(before.Since, now);
    }

    /// <summary>Forgets the streams that have not been asked for since the last time: they are not in that state any
    /// more.</summary>
    public void ForgetOthers()
    {
        foreach (var (stream, last) in seen)
        {
            if (last.Turn != turn) seen.Remove(stream);
        }

        turn++;
    }
}
