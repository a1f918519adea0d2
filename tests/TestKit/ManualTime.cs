namespace EventSourcedStreams.TestKit;

/// <summary>A clock that stands until it is advanced. Timers fire inside <see cref="Advance"/>, in the order of their
/// due times.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly DateTimeOffset epoch = start;
    private DateTimeOffset now = start;
    private static int moves;

    public ManualTime() : this(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)) { }

    /// <summary>How often any clock of the process was advanced.</summary>
    internal static int Moves => Volatile.Read(ref moves);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are waiting: lets a test wait until the code under test has armed its own.</summary>
    public int Armed
    {
        get { lock (gate) return timers.Count(t => t.Due is not null); }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp()
    {
        lock (gate) return (now - epoch).Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        Interlocked.Increment(ref moves);
        DateTimeOffset target;
        lock (gate) target = now + by;
        while (NextBefore(target) is { } timer) timer.Fire();
    }

    /// <summary>Runs on by a tenth of a second at a time until the condition holds, and not ahead of what that sets
    /// off.</summary>
    public Task AdvanceUntilAsync(string what, Func<Task<bool>> condition) => Eventually.UntilAsync(what, async () =>
    {
        if (await condition()) return true;
        Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });

    /// <inheritdoc cref="AdvanceUntilAsync(string, Func{Task{bool}})"/>
    public Task AdvanceUntilAsync(string what, Func<bool> condition) => AdvanceUntilAsync(what, () => Task.FromResult(condition()));

    /// <summary>Null: there is none, and it is the target's time now. A timer that is armed after that is due by that
    /// time.</summary>
    private Timer? NextBefore(DateTimeOffset target)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= target).MinBy(t => t.Due);
            if (next is null)
            {
                now = target;
                return null;
            }

            if (next.Due > now) now = next.Due.Value;
            next.Due = next.Period is { } period ? now + period : null;
            return next;
        }
    }

    private sealed class Timer(ManualTime clock, Action fire) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan? Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (!clock.timers.Contains(this)) return false;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
