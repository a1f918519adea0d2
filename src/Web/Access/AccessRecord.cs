using System.Threading.Channels;
using System.Threading.RateLimiting;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Web;

/// <summary>
/// Keeps the record of access in the event log, in batches, where <c>Auth:AccessLog</c> is on. Requests never wait for
/// it: what comes faster than the log takes it, or while the log is away for long, is counted and left out.
/// </summary>
internal sealed partial class AccessRecord : BackgroundService, IHostedLifecycleService
{
    /// <summary>Records that wait for the log; the most that are left out are those beyond it.</summary>
    private const int MaxWaiting = 50_000;

    /// <summary>Of a few hundred bytes each, and an append has at most 512 KiB.</summary>
    private const int MaxBatch = 500;

    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Channel<ServiceEvent.AccessRecorded> waiting =
        Channel.CreateBounded<ServiceEvent.AccessRecorded>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly CallerAccess access;
    private readonly EngineAccess engine;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    /// <summary>Any caller can cause them: more in a minute would tell nothing more, and fill the log.</summary>
    private readonly FixedWindowRateLimiter refusals = new(new FixedWindowRateLimiterOptions { PermitLimit = 1000, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private readonly CancellationTokenSource stopping = new();
    private int unwritten;
    private long leftOut;
    private TimeSpan? limited;
    private string? said;

    public AccessRecord(CallerAccess access, EngineAccess engine, TimeProvider time, ILogger<AccessRecord> logger)
    {
        (this.access, this.engine, this.time, this.logger) = (access, engine, time, logger);
        access.Revoked += key => Add(key.Name, "revoke", stream: null, from: null, refused: null);
    }

    public bool IsOn => access.Current.RecordKept is not null;

    public void Add(string who, string what, StreamId? stream, string? from, string? refused)
    {
        if (!IsOn) return;
        if (refused is not null && !IsAmongFirst())
        {
            Interlocked.Increment(ref leftOut);
            return;
        }

        Interlocked.Increment(ref unwritten);
        if (waiting.Writer.TryWrite(new(who, what, stream, from, refused) { At = time.GetUtcNow() })) return;
        Interlocked.Decrement(ref unwritten);
        Interlocked.Increment(ref leftOut);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What waits is written while the log is still there.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        var began = time.GetTimestamp();
        while (Volatile.Read(ref unwritten) > 0 && time.GetElapsedTime(began) < LastWords)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        base.Dispose();
        refusals.Dispose();
        stopping.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<ServiceEvent.AccessRecorded>();
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            if (waiting.Reader.Count < MaxBatch) await GatherAsync(stoppingToken);
            while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var next)) batch.Add(next);
            await TryWriteAsync(batch, stoppingToken);
            Interlocked.Add(ref unwritten, -batch.Count);
            batch.Clear();
            if (Interlocked.Exchange(ref leftOut, 0) is > 0 and var lost) LeftOut(logger, lost);
        }
    }

    private bool IsAmongFirst()
    {
        using var one = refusals.AttemptAcquire();
        return one.IsAcquired;
    }

    /// <summary>Ends early where the server stops.</summary>
    private async Task GatherAsync(CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping.Token);
        await Task.Delay(Gather, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>What cannot be written is counted and told; the record goes on with the next.</summary>
    private async Task TryWriteAsync(List<ServiceEvent.AccessRecorded> batch, CancellationToken ct)
    {
        try
        {
            await WriteAsync(batch, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Interlocked.Add(ref leftOut, batch.Count);
            if (said != e.Message) NotWritten(logger, said = e.Message);
        }
    }

    /// <summary>While its outcome is unknown, the same batch goes out again.</summary>
    private async Task WriteAsync(List<ServiceEvent.AccessRecorded> batch, CancellationToken ct)
    {
        var id = new AppendId(Guid.NewGuid());
        while (true)
        {
            try
            {
                var current = engine.Current;
                if (access.Current.RecordKept is { } kept && kept != limited)
                {
                    await current.Log.LimitAccessAsync(kept, ct);
                    limited = kept;
                }

                var outcome = await current.Log.AppendAccessAsync(batch, current.Node, id, ct);
                if (outcome is AppendOutcome.Appended) said = null;
                else if (outcome is not AppendOutcome.Unknown) throw new InvalidOperationException($"Its stream takes nothing: {outcome}.");
                if (outcome is not AppendOutcome.Unknown) return;
            }
            catch (LogUnavailableException) when (engine.IsCleared)
            {
                Interlocked.Add(ref leftOut, batch.Count);
                return;
            }
            catch (LogUnavailableException)
            {
                // The batch waits, and the rest with it.
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    [LoggerMessage(316, LogLevel.Error, "The record of access cannot be written: {Why}")]
    private static partial void NotWritten(ILogger logger, string why);

    [LoggerMessage(312, LogLevel.Warning, "{Records} records of access are not in the event log: it was away or too slow for them, or there were too many refusals")]
    private static partial void LeftOut(ILogger logger, long records);
}
