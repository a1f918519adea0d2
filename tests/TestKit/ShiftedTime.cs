namespace EventSourcedStreams.TestKit;

/// <summary>The system's clock, but for what it says the time is.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long shift;

    /// <summary>It is this time now: what was recorded once is as old as it was then, whenever a test runs.</summary>
    public static ShiftedTime At(DateTimeOffset now)
    {
        var time = new ShiftedTime();
        time.Shift(now - time.GetUtcNow());
        return time;
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));

    public void Shift(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);
}
