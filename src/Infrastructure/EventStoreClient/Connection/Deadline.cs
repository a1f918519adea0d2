using System.Diagnostics;

namespace EventStore.Client;

/// <summary>The moment by which a call has to be answered, whatever it waits for on the way.</summary>
internal readonly struct Deadline
{
    // The longest that a timer takes, and longer than any call.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private readonly long start = Stopwatch.GetTimestamp();
    private readonly TimeSpan? limit;

    /// <param name="limit">From now; null, <see cref="Timeout.InfiniteTimeSpan"/> and more than 24 days for
    /// none.</param>
    public Deadline(TimeSpan? limit) => this.limit = limit == Timeout.InfiniteTimeSpan || limit > Longest ? null : limit;

    /// <summary>Not below zero; null for no deadline.</summary>
    public TimeSpan? Remaining => limit is { } given ? Max(TimeSpan.Zero, given - Stopwatch.GetElapsedTime(start)) : null;

    /// <summary>As what waits for a task takes it.</summary>
    public TimeSpan RemainingOrInfinite => Remaining ?? Timeout.InfiniteTimeSpan;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
