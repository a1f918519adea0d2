namespace EventSourcedStreams.TestKit;

/// <summary>The system's clock, but for what it says the time is.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long shift;
    private long stoodAt;

    /// <summary>It is this time now: what was recorded once is as old as it was then, whenever a test runs.</summary>
    public static ShiftedTime At(DateTimeOffset now)
    {
        var time = new ShiftedTime();
        time.Shift(now - time.GetUtcNow());
        return time;
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));

    public override long GetTimestamp() => Interlocked.Read(ref stoodAt) is not 0 and var then ? then : base.GetTimestamp();

    /// <summary>From now on no time passes for what measures it; timers fire as ever.</summary>
    public void Stand() => Interlocked.Exchange(ref stoodAt, base.GetTimestamp());

    public void Shift(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);
}
