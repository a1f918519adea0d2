namespace EventSourcedStreams.Audit.Replay;

/// <summary>Waits until what happened then happens now. Delays of what is shown do not add up: every wait is reckoned
/// from the beginning.</summary>
/// <param name="origin">The moment that is now.</param>
internal sealed class ReplayClock(TimeProvider time, ReplaySpeed speed, DateTimeOffset origin)
{
    /// <summary>A timer takes no more than 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>More than any viewer waits; a writer's clock may say anything.</summary>
    private const double MostSeconds = 1e10;

    private readonly long begun = time.GetTimestamp();

    /// <summary>At once where that is past, as where a writer's clock was turned back.</summary>
    public async Task UntilAsync(DateTimeOffset at, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (speed.Factor is not { } factor) return;
        var due = TimeSpan.FromSeconds(Math.Clamp((at - origin).TotalSeconds / factor, 0, MostSeconds));
        while (due - time.GetElapsedTime(begun) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, ct);
    }
}
