using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>When a stream's source last showed life, by both clocks, and what its silence ends. Under its runner's
/// gate.</summary>
internal sealed class SourceActivity(StreamLifeLimits life, TimeProvider time)
{
    /// <summary>The wall clock, which is for display, is read no more often: for hundreds of thousands of tokens a
    /// second that is dear.</summary>
    private static readonly TimeSpan WallTick = TimeSpan.FromMilliseconds(1);

    private TimeSpan at;
    private TimeSpan readAgainAt = TimeSpan.MinValue;
    private TimeSpan claimedAt;

    /// <summary>By the wall clock.</summary>
    public DateTimeOffset LastAt { get; private set; } = time.GetUtcNow();

    private TimeSpan Monotonic => time.GetElapsedTime(0);

    /// <summary>The claim is over: time counts from now on.</summary>
    public void Begin()
    {
        life.Begin();
        at = claimedAt = Monotonic;
    }

    /// <param name="now">Monotonic.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void ShowsLife(TimeSpan now)
    {
        at = now;
        life.ShowsLife();
        if (now < readAgainAt) return;
        readAgainAt = now + WallTick;
        LastAt = time.GetUtcNow();
    }

    /// <summary>Of the time that has passed only what came after the claim counts, and only what came after the last
    /// sign of life was silence.</summary>
    /// <param name="isPaused">The source is not read, so its silence says nothing.</param>
    /// <returns>What ends the stream now; null: nothing.</returns>
    public StreamCommand? Count(TimeSpan passed, bool isPaused, string driver)
    {
        var now = Monotonic;
        return life.Count(
            Shorter(now - claimedAt, passed), isPaused ? null : Shorter(now - at, passed), LastAt, driver, time.GetUtcNow());
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
