namespace EventSourcedStreams.EventStoreDb;

/// <summary>Runs a check again and again until it is disposed of, whatever becomes of one of them. A store that does
/// not answer is no finding of it.</summary>
internal sealed class PeriodicCheck : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly Task loop;

    /// <param name="every">From the end of one to the begin of the next.</param>
    /// <param name="onFault">Told of what a check died of, where it is another than the last time.</param>
    public PeriodicCheck(TimeSpan every, Func<CancellationToken, Task> check, TimeProvider time, Action<Exception> onFault) =>
        loop = RunAsync(every, check, time, onFault, over.Token);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    private static async Task RunAsync(
        TimeSpan every, Func<CancellationToken, Task> check, TimeProvider time, Action<Exception> onFault, CancellationToken ct)
    {
        string? said = null;
        while (true)
        {
            await Task.Delay(every, time, ct).ConfigureAwait(false);
            try
            {
                await check(ct).ConfigureAwait(false);
                said = null;
            }
            catch (LogUnavailableException)
            {
                // A call that asks for more is told so.
            }
            catch (Exception e) when (!ct.IsCancellationRequested) // a cancellation that was not asked for is one too
            {
                if (said != e.Message) onFault(e);
                said = e.Message;
            }
        }
    }
}
