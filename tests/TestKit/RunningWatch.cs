namespace EventSourcedStreams.TestKit;

/// <summary>A stopwatch for what is promised in seconds, on a machine that may be busy with other things: it counts the
/// time in which this process runs, and a moment in which it does not counts as no more than a tick.</summary>
public sealed class RunningWatch : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource over = new();
    private long counted;

    private RunningWatch() => _ = CountAsync(over.Token);

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref counted));

    public static RunningWatch Start() => new();

    public void Dispose()
    {
        over.Cancel();
        over.Dispose();
    }

    private async Task CountAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await Task.Delay(Tick, CancellationToken.None).ConfigureAwait(false);
            var passed = TimeProvider.System.GetElapsedTime(begun);
            Interlocked.Add(ref counted, (passed < 2 * Tick ? passed : 2 * Tick).Ticks);
        }
    }
}
