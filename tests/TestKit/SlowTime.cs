namespace EventSourcedStreams.TestKit;

/// <summary>A clock that runs by itself, so many times slower than the real one: what takes a moment stays within
/// limits of seconds on a machine that is busy, too.</summary>
public sealed class SlowTime(int times) : TimeProvider
{
    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly long begun = System.GetTimestamp();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp() => System.GetElapsedTime(begun).Ticks / times;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Slowed(dueTime), Slowed(period)), this);

    private TimeSpan Slowed(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span * times;

    private sealed class Timer(ITimer timer, SlowTime clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Slowed(dueTime), clock.Slowed(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
