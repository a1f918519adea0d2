namespace EventSourcedStreams.Domain;

/// <summary>
/// What ends a running stream beside its source: silence, a duration that is over, its driver's leaving. All of it is
/// time that really passed for this process. Not for two threads at once.
/// </summary>
/// <param name="idleTimeout">Of silence.</param>
/// <param name="maxDuration">From the claim on; null: for ever.</param>
/// <param name="isAlone">Whether it has neither a driver nor a follower; null: that ends nothing.</param>
internal sealed class StreamLifeLimits(TimeSpan idleTimeout, TimeSpan? maxDuration, Func<bool>? isAlone)
{
    /// <summary>How long a stream may be alone.</summary>
    private static readonly TimeSpan AloneLimit = TimeSpan.FromSeconds(10);

    private TimeSpan running;
    private TimeSpan? alone;

    /// <summary>Of silence so far.</summary>
    public TimeSpan Idle { get; private set; }

    public void ShowsLife() => Idle = TimeSpan.Zero;

    /// <summary>The claim has won.</summary>
    public void Begin() => Idle = running = TimeSpan.Zero;

    /// <param name="passed">Since the last count, or the claim.</param>
    /// <param name="silent">What of it was silence; null: the source is paused, and its silence says nothing.</param>
    /// <returns>What ends the stream now; null: nothing.</returns>
    public StreamCommand? Count(TimeSpan passed, TimeSpan? silent, DateTimeOffset lastActivityAt, string driver, DateTimeOffset now)
    {
        running += passed;
        Idle += silent ?? TimeSpan.Zero;
        alone = isAlone?.Invoke() is not true ? null : alone is { } before ? before + passed : TimeSpan.Zero;
        if (Idle >= idleTimeout) return new StreamCommand.TimeOut(Idle, lastActivityAt) { At = now };
        if (running >= maxDuration) return new StreamCommand.TimeOut(Idle, lastActivityAt) { At = now, MaxDuration = maxDuration };
        return alone >= AloneLimit
            ? new StreamCommand.Cancel(driver, $"Its driver has been gone for {AloneLimit.TotalSeconds:0} s, and nothing follows it.", now) { At = now }
            : null;
    }
}
