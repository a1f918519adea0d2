namespace EventSourcedStreams.Client;

/// <summary>How long a follower waits before it comes again: at random, so that the followers of a server that was
/// restarted do not come all at once, and longer the more often nothing came of it.</summary>
internal sealed class ReconnectDelay(TextStreamsClientOptions options)
{
    private int failures;
    private long? failingSince;

    /// <summary>Something came.</summary>
    public void Reset() => (failures, failingSince) = (0, null);

    /// <returns>False: it has been tried for as long as it may.</returns>
    public async Task<bool> PassAsync(TimeSpan? atLeast, CancellationToken ct)
    {
        var time = options.TimeProvider;
        failingSince ??= time.GetTimestamp();
        if (options.GiveUpAfter >= TimeSpan.Zero && time.GetElapsedTime(failingSince.Value) >= options.GiveUpAfter) return false;
        var longest = options.RetryDelay * Math.Pow(2, Math.Min(failures++, 16));
        var wait = (longest < options.MaxRetryDelay ? longest : options.MaxRetryDelay) * Random.Shared.NextDouble();
        if (atLeast > wait) wait = atLeast.Value;
        await Task.Delay(wait, time, ct).ConfigureAwait(false);
        return true;
    }
}
