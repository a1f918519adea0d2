using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// Whether it is still the same log that answers. The event that names a log has an id that no other log has; it is
/// read from the leader whenever the connection may have become another one, before anything else is read or written
/// over it.
/// </summary>
/// <param name="readId">The id of that event as the leader has it; null where there is none.</param>
internal sealed class IdentityCheck(
    string streamName, Func<CancellationToken, Task<Guid?>> readId, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How often a log that is not ours is asked again: its address may be put right.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim asking = new(1, 1);
    private Named? known;
    private int losses;
    private int verified = -1;
    private long askedAt;
    private volatile string? another;

    /// <summary>That another log answers, in words; null: not as far as is known.</summary>
    public string? Another => another;

    /// <summary>The connection was lost: the server that answers next has to prove its identity.</summary>
    public void Lost() => Interlocked.Increment(ref losses);

    /// <summary>This process has read or written the event that names the log.</summary>
    public void Saw(Guid id) => Interlocked.CompareExchange(ref known, new Named(id), null);

    /// <exception cref="LogUnavailableException">Another log answers.</exception>
    public ValueTask EnsureAsync(CancellationToken ct) =>
        Volatile.Read(ref verified) == Volatile.Read(ref losses) ? default : new ValueTask(AskAsync(ct));

    public void Dispose() => asking.Dispose();

    private async Task AskAsync(CancellationToken ct)
    {
        await asking.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var asked = Volatile.Read(ref losses);
            if (verified == asked) return;
            if (another is { } before && time.GetElapsedTime(askedAt) < AskAgain) throw new LogUnavailableException(before);

            var id = await readId(ct).ConfigureAwait(false);
            askedAt = time.GetTimestamp();
            if (known is { } expected && id != expected.Id) throw new LogUnavailableException(another = Report(expected.Id, id));
            if (id is { } named) Saw(named);
            another = null;
            Volatile.Write(ref verified, asked);
        }
        finally
        {
            asking.Release();
        }
    }

    private string Report(Guid expected, Guid? id)
    {
        var what = $"Another event log answers at this address: in its stream {streamName} stands "
            + $"{(id is { } other ? $"the event {other:D}" : "nothing")} where this one has {expected:D}. Nothing is read or written until the first one is back; "
            + "to go on with the other one, restart this process.";
        if (another != what) logger.AnotherLog(what);
        return what;
    }

    private sealed record Named(Guid Id);
}
