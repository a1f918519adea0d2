namespace EventSourcedStreams.OpenAI;

/// <summary>How long an endpoint may take for an answer, retries included.</summary>
internal sealed class AnswerTime : IDisposable
{
#pragma warning disable RS0030 // both sources were made with the TimeProvider that was passed in, and CancelAfter goes by it
    private readonly ChatEndpoint endpoint;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource firstToken;
    private readonly CancellationTokenSource total;
    private readonly CancellationTokenSource either;
    private readonly long startedAt;
    private readonly CancellationToken ended;
    private TimeSpan paused;
    private long pausedAt;
    private bool hasToken;

    internal AnswerTime(ChatEndpoint endpoint, TimeProvider time, CancellationToken ct)
    {
        (this.endpoint, this.time, startedAt, ended) = (endpoint, time, time.GetTimestamp(), ct);
        firstToken = new CancellationTokenSource(endpoint.FirstTokenTimeout ?? Timeout.InfiniteTimeSpan, time);
        total = new CancellationTokenSource(endpoint.TotalTimeout ?? Timeout.InfiniteTimeSpan, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(ct, firstToken.Token, total.Token);
    }

    /// <summary>Fires when the stream is being ended, too.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>What to say where the time was up; null: it was not, or the stream is being ended.</summary>
    public SourceFailedException? Failure =>
        ended.IsCancellationRequested ? null
        : total.IsCancellationRequested ? Late("was not through", endpoint.TotalTimeout!.Value, "TotalTimeout")
        : firstToken.IsCancellationRequested ? Late("had given no token", endpoint.FirstTokenTimeout!.Value, "FirstTokenTimeout")
        : null;

    /// <summary>More may follow: the first counts.</summary>
    public void TokenCame()
    {
        if (hasToken) return;
        hasToken = true;
        if (endpoint.FirstTokenTimeout is not null) firstToken.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>The answer is not read: that is not the provider's time.</summary>
    public void Pause()
    {
        if (endpoint.TotalTimeout is null) return;
        pausedAt = time.GetTimestamp();
        total.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Resume()
    {
        if (endpoint.TotalTimeout is not { } limit) return;
        paused += time.GetElapsedTime(pausedAt);
        var left = limit - (time.GetElapsedTime(startedAt) - paused);
        total.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        either.Dispose();
        total.Dispose();
        firstToken.Dispose();
    }

    private SourceFailedException Late(string what, TimeSpan limit, string key) =>
        new("provider-timeout", $"{endpoint.Host} {what} after {limit.TotalSeconds:0.###} s ({key}).");
}
