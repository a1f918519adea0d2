namespace EventSourcedStreams.EventStoreDb;

/// <summary>Runs a check again and again until it is disposed of. A store that does not answer is no finding of
/// it.</summary>
internal sealed class PeriodicCheck : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly Task loop;

    /// <param name="every">From the end of one to the begin of the next.</param>
    public PeriodicCheck(TimeSpan every, Func<CancellationToken, Task> check, TimeProvider time) => loop = RunAsync(every, check, time, over.Token);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    private static async Task RunAsync(TimeSpan every, Func<CancellationToken, Task> check, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(every, time, ct).ConfigureAwait(false);
            try
            {
                await check(ct).ConfigureAwait(false);
            }
            catch (LogUnavailableException)
            {
                // Whoever asks for more is told so.
            }
        }
    }
}
