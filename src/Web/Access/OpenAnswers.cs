using System.Collections.Concurrent;

namespace EventSourcedStreams.Web;

/// <summary>Cuts an answer that still goes on when what let its request in is over: a token has expired, a key has gone
/// or is not as it was.</summary>
internal sealed class OpenAnswers : IHostedService, IDisposable
{
    /// <summary>So a cut comes within 5 s, also on a busy server.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<HttpContext, AccessPass> open = new();
    private readonly CallerAccess access;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public OpenAnswers(CallerAccess access, TimeProvider time)
    {
        (this.access, this.time) = (access, time);
        timer = time.CreateTimer(_ => Cut(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs the rest of a request.</summary>
    public async Task WatchAsync(HttpContext http, AccessPass pass, Func<Task> rest)
    {
        open[http] = pass;
        try
        {
            await rest();
        }
        finally
        {
            open.TryRemove(http, out _);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer.Change(Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => timer.Dispose();

    private void Cut()
    {
        var (settings, now) = (access.Current, time.GetUtcNow());
        foreach (var (http, pass) in open)
            if (pass.IsOver(settings, now)) http.Abort();
    }
}
