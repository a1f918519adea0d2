namespace EventSourcedStreams.Client.Tests.Contract;

/// <summary>The system's clock, which can be made to jump forward, as when a laptop has slept: what was due meanwhile
/// is due at once.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Jumping> timers = [];
    private long shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));

    public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Read(ref shift) * TimestampFrequency / TimeSpan.TicksPerSecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Jumping(this, base.CreateTimer(callback, state, dueTime, period));
        timer.Note(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Jump(TimeSpan by)
    {
        Jumping[] all;
        Interlocked.Add(ref shift, by.Ticks);
        lock (gate) all = [.. timers];
        foreach (var timer in all) timer.Pass();
    }

    private sealed class Jumping(JumpingTime clock, ITimer inner) : ITimer
    {
        private DateTimeOffset? due;
        private TimeSpan period;

        public void Note(TimeSpan dueTime, TimeSpan every) =>
            (due, period) = (dueTime < TimeSpan.Zero ? null : clock.GetUtcNow() + dueTime, every);

        public void Pass()
        {
            if (due <= clock.GetUtcNow()) inner.Change(TimeSpan.Zero, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            Note(dueTime, every);
            return inner.Change(dueTime, every);
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
