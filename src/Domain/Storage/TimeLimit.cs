namespace EventSourcedStreams.Domain;

/// <summary>For what a caller waits for: certain in time, or an error that says so.</summary>
internal static class TimeLimit
{
    /// <exception cref="LogUnavailableException">The limit has passed.</exception>
    public static Task<T> WithinAsync<T>(TimeSpan most, TimeProvider time, Func<CancellationToken, Task<T>> act, CancellationToken ct) =>
        WithinAsync(most, time, act, () => throw new LogUnavailableException("The event log did not confirm it in time."), ct);

    /// <param name="late">What is answered, or thrown, where the limit has passed.</param>
    public static async Task<T> WithinAsync<T>(
        TimeSpan most, TimeProvider time, Func<CancellationToken, Task<T>> act, Func<T> late, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return late();
        }
    }

    /// <summary>Waits for a signal, and no longer than so long.</summary>
    /// <param name="signal">Gets a token that is cancelled once the wait is over.</param>
    public static async Task PauseAsync(TimeSpan most, TimeProvider time, Func<CancellationToken, Task> signal, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(signal(over.Token), Task.Delay(most, time, over.Token));
        await over.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
