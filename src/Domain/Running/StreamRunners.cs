using System.Collections.Concurrent;
using System.Text.Json;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>The streams that this node drives: claims them, runs their sources, ends them, and owns all of that until
/// it is stopped.</summary>
internal sealed class StreamRunners : IAsyncDisposable
{
    private readonly ConcurrentDictionary<StreamId, Driven> driven = new();
    private readonly Lock claiming = new();
    private readonly CancellationTokenSource lifetime = new();
    private readonly IReadOnlyDictionary<string, ITextSource> sources;
    private readonly StreamTails tails;
    private readonly DrivingLimits limits;
    private readonly TimeProvider time;
    private readonly string engine;
    private readonly Func<string?> whyNoClaims;
    private readonly Action<StreamId, Exception> onFault;
    private readonly Action<string> onPartsDropped;
    private readonly Action<StreamId, string, string> onUsageLeftOut;
    private readonly Action<StreamId, string, string> onPartLeftOut;
    private readonly ConcurrentDictionary<string, bool> dropping = new(StringComparer.Ordinal);
    private readonly TextMemory memory;
    private readonly UnsavedBudget unsaved;
    private readonly StreamTelemetry telemetry;
    private readonly AppendPacer pacer;
    private readonly ITimer watch;
    private long watchedAt;
    private volatile bool stopping;

    /// <param name="engine">This program's version, as <c>StreamStarted</c> keeps it.</param>
    /// <param name="whyNoClaims">Why this node may claim nothing now, in words; null: it may.</param>
    /// <param name="onFault">Told of what a source threw, or what went wrong with a stream beyond its ending.</param>
    /// <param name="onPartsDropped">Told once of each source whose parts are dropped.</param>
    /// <param name="onUsageLeftOut">Told of the stream, the source, and why the usage that it gave is not kept.</param>
    /// <param name="onPartLeftOut">Told once of each stream for which a source has more parts than it may: of the stream,
    /// the source, and the first part's kind that is not kept.</param>
    public StreamRunners(
        IEnumerable<ITextSource> sources,
        StreamTails tails,
        DrivingLimits limits,
        TimeProvider time,
        string engine,
        Func<string?> whyNoClaims,
        TextMemory memory,
        StreamTelemetry telemetry,
        Action<StreamId, Exception> onFault,
        Action<string> onPartsDropped,
        Action<StreamId, string, string> onUsageLeftOut,
        Action<StreamId, string, string> onPartLeftOut)
    {
        (this.tails, this.limits, this.time, this.engine, this.memory) = (tails, limits, time, engine, memory);
        (this.whyNoClaims, this.telemetry, this.onFault, this.onPartsDropped) = (whyNoClaims, telemetry, onFault, onPartsDropped);
        (this.onUsageLeftOut, this.onPartLeftOut) = (onUsageLeftOut, onPartLeftOut);
        this.sources = sources.ToDictionary(source => source.Name, StringComparer.Ordinal);
        unsaved = new UnsavedBudget(Math.Min(limits.UnsavedTotal, memory.UnsavedLimit), memory);
        pacer = new AppendPacer(limits.HandoverPause);
        watchedAt = time.GetTimestamp();
        watch = time.CreateTimer(_ => Watch(), null, limits.WatchInterval, limits.WatchInterval);
    }

    /// <summary>The followers of streams on this node.</summary>
    public StreamFollowers Followers { get; } = new();

    /// <summary>How many streams this node drives now.</summary>
    public int Count => driven.Count;

    /// <summary>UTF-8 bytes that are not durable yet, over all streams.</summary>
    public long UnsavedBytes => unsaved.Bytes;

    public IReadOnlyCollection<string> SourceNames => [.. sources.Keys];

    public ITextSource? FindSource(string name) => sources.GetValueOrDefault(name);

    public bool IsDriving(StreamId id) => driven.ContainsKey(id);

    /// <summary>
    /// Claims a stream and runs its source. Cancelling stops the waiting for the claim, not the claim: one that wins
    /// runs all the same.
    /// </summary>
    /// <param name="wantsText">Whether the driver is to be sent the text; null: unless the source takes it from the
    /// body.</param>
    /// <param name="wantsParts">Whether the driver is to be sent what is said beside the text.</param>
    /// <param name="own">The source, where it is made for this stream alone; null: the one that the stream
    /// names.</param>
    /// <exception cref="InvalidInputException">The request's body is not what the source takes; nothing was
    /// claimed.</exception>
    /// <exception cref="LogUnavailableException">The stream could not be read; nothing was claimed.</exception>
    public async Task<DriveResult> DriveAsync(
        StreamId id, Stream? body, string? contentType, bool? wantsText, Caller caller, CancellationToken ct, bool wantsParts = false, ITextSource? own = null)
    {
        var askedAt = telemetry.Now;
        if (stopping) return Stopping();
        if (whyNoClaims() is { } why) return new DriveResult.Unavailable(why);
        if (unsaved.IsFull) return new DriveResult.Unavailable("Too much text waits for the event log.");
        if (memory.IsFull) return new DriveResult.Unavailable("The memory for text is used up by what runs and is read now.");
        StreamTail tail;
        try
        {
            tail = await tails.OpenAsync(id, ct);
        }
        catch (StreamGoneException)
        {
            return new DriveResult.Deleted();
        }

        switch (tail.State)
        {
            case StreamState.Missing: return new DriveResult.UnknownStream();
            case StreamState.Deleted: return new DriveResult.Deleted();
            case StreamState.Streaming: return new DriveResult.AlreadyDriven();
            case StreamState.Ended ended: return new DriveResult.AlreadyEnded(ended.Status);
        }

        var created = ((StreamState.Pending)tail.State).Created;
        if ((own ?? FindSource(created.Source)) is not { } source) return new DriveResult.UnknownSource(created.Source);
        source.ValidateBody(contentType);
        (body as ICheckedBody)?.Check(source);
        var input = created.Input is null ? (JsonElement?)null : KeptJson.Parse(created.Input);
        var described = source.Describe(input);
        var told = telemetry.Drive(created, described.Provider, described.Model, askedAt);
        var output = new ClientQueue(limits.DriverQueueChars, time, memory)
        {
            WantsText = wantsText ?? !source.TakesBody,
            WantsParts = wantsParts,
            OnDropped = told.DriverDropped,
        };
        Func<bool>? isAlone = created.OnDisconnect is OnDisconnect.Cancel ? () => output.IsDropped && !Followers.Any(id) : null;
        var life = new StreamLifeLimits(created.IdleTimeout, created.MaxDuration, isAlone);
        var live = new StreamRunner(tail, life, output, limits, time, tails.ContextFor(caller), unsaved, pacer, told, onFault,
            onPartsDropped: () => Dropped(source.Name), onPartLeftOut: kind => onPartLeftOut(id, source.Name, kind));
        var request = new SourceRequest(id, input, source.TakesBody ? body : null, contentType);

        var starting = new Driven(live);
        if (Refused(id, starting) is { } refused)
        {
            live.Dispose();
            return refused;
        }

        _ = RunAsync(starting, source, request, described, told);                      // owned: Finished tells of it, StopAsync awaits that
        return await ClaimedAsync(starting, output, ct) switch
        {
            AppendOutcome.Appended => new DriveResult.Driving(output, starting.Finished.Task, source.TakesBody),
            AppendOutcome.Lost { By: { } by } => StreamState.After(by) switch
            {
                StreamState.Ended ended => new DriveResult.AlreadyEnded(ended.Status),
                StreamState.Deleted => new DriveResult.Deleted(),
                _ => new DriveResult.AlreadyDriven(),
            },
            AppendOutcome.Deleted => new DriveResult.Deleted(),
            _ when stopping => Stopping(),
            _ => new DriveResult.Unavailable("The event log did not answer in time."),
        };
    }

    /// <summary>Ends a stream that this node drives; null: it drives no such stream. The task completes when the ending
    /// is settled.</summary>
    /// <param name="epoch">Of the driver that is meant; null: whichever it is.</param>
    public Task? End(StreamId id, StreamCommand ending, int? epoch = null)
    {
        if (!driven.TryGetValue(id, out var found) || (epoch is { } meant && meant != found.Live.Epoch)) return null;
        found.Live.End(ending);
        return found.Ended.Task;
    }

    /// <summary>Another node has written a stream's ending.</summary>
    public void OvertakenBy(RecordedEvent last)
    {
        if (last.Context.Node != tails.Node && driven.TryGetValue(last.Stream, out var found)) found.Live.OvertakenBy(last);
    }

    /// <summary>Takes no new streams, from now on and for ever.</summary>
    public bool IsStopping => stopping;

    /// <summary>Takes no new streams, and waits until those it drives have ended by themselves, or the limit has
    /// passed.</summary>
    public async Task DrainAsync(TimeSpan limit, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var all = Task.WhenAll(StopAccepting().Select(each => each.Ended.Task));
        await Task.WhenAny(all, Task.Delay(limit, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Takes no new streams, ends those it drives as interrupted, and waits until all endings are
    /// durable.</summary>
    /// <exception cref="OperationCanceledException">Not in time: the next start, or another node, ends the
    /// rest.</exception>
    public async Task StopAsync(CancellationToken ct)
    {
        var all = StopAccepting();
        foreach (var each in all)
            each.Live.End(new Fail("interrupted", "The server was stopped while the text was being made.") { At = time.GetUtcNow() });
        await Task.WhenAll(all.Select(each => each.Ended.Task)).WaitAsync(ct);
    }

    /// <summary>Leaves the endings that are not durable to the next start, or to another node. The drivers are told that
    /// they are not known.</summary>
    public Task GiveUpAsync() => lifetime.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        var all = StopAccepting();
        await watch.DisposeAsync();
        pacer.Dispose();
        await lifetime.CancelAsync();
        await Task.WhenAll(all.Select(each => each.Ended.Task));
        lifetime.Dispose();
    }

    private void Dropped(string source)
    {
        if (dropping.TryAdd(source, true)) onPartsDropped(source);
    }

    private static DriveResult.Unavailable Stopping() => new("The server is stopping.");

    /// <summary>Null: it is taken in. A stop sees it, or it sees the stop: none comes in between.</summary>
    private DriveResult? Refused(StreamId id, Driven starting)
    {
        lock (claiming)
        {
            if (stopping) return Stopping();
            return driven.TryAdd(id, starting) ? null : new DriveResult.AlreadyDriven();
        }
    }

    /// <returns>All that this node drives, and will ever have driven.</returns>
    private Driven[] StopAccepting()
    {
        lock (claiming)
        {
            stopping = true;
            return [.. driven.Values];
        }
    }

    private async Task<AppendOutcome?> ClaimedAsync(Driven starting, ClientQueue output, CancellationToken ct)
    {
        try
        {
            return await starting.Claimed.Task.WaitAsync(limits.OutageLimit, time, ct);
        }
        catch (TimeoutException)
        {
            output.Drop();
            return null;
        }
        catch (OperationCanceledException)
        {
            output.Drop();
            throw;
        }
    }

    private async Task RunAsync(
        Driven starting, ITextSource source, SourceRequest request, SourceDescription described, DriveTelemetry told)
    {
        var live = starting.Live;
        using var span = told.Start();
        try
        {
            // The stop has come before the claim went out.
            if (stopping)
            {
                starting.Claimed.TrySetResult(null);
                return;
            }

            var start = new Start(tails.Node, described.Provider, described.Model, engine) { At = time.GetUtcNow() };
            var claim = await live.ClaimAsync(start, lifetime.Token);
            starting.Claimed.TrySetResult(claim);
            if (claim is not AppendOutcome.Appended) return;
            told.Claimed();

            // An ending that came while the claim was open: the stop of the server, or an outage that was too long.
            var running = live.IsEnding ? Task.CompletedTask : RunSourceAsync(live, source, request, told);
            try
            {
                await live.PersistAsync(lifetime.Token);
            }
            finally
            {
                live.Abandon();
                live.StopSource();
                starting.Ended.TrySetResult();
                await running;
            }
        }
        catch (Exception e)
        {
            starting.Claimed.TrySetResult(null);
            live.GiveUp(e);
            if (!lifetime.IsCancellationRequested) onFault(live.Id, e);
        }
        finally
        {
            driven.TryRemove(KeyValuePair.Create(live.Id, starting));
            live.Dispose();
            told.Over();
            starting.Ended.TrySetResult();
            starting.Finished.TrySetResult();
        }
    }

    private async Task RunSourceAsync(StreamRunner live, ITextSource source, SourceRequest request, DriveTelemetry told)
    {
        var call = told.StartSource();
        await Task.Yield();                                                      // a source that never awaits must not hold up the loop
        try
        {
            var result = await source.RunAsync(request, live, live.SourceStopped);
            var fault = KeptJson.UsageFault(result.Usage);
            if (fault is not null) onUsageLeftOut(live.Id, source.Name, fault);
            var usage = fault is null ? result.Usage : null;
            call.Completed(result.FinishReason, usage);
            live.End(new Complete(result.FinishReason, usage) { At = time.GetUtcNow() });
        }
        catch (OperationCanceledException) when (live.SourceStopped.IsCancellationRequested)
        {
            // It stopped because the stream has its ending.
            call.Failed("stopped");
        }
        catch (SourceFailedException e)
        {
            call.Failed(e.Code);
            live.End(new Fail(e.Code, e.Message) { At = time.GetUtcNow() });
        }
        catch (Exception e)
        {
            call.Failed(e.GetType().Name);
            if (live.IsEnding) return;
            onFault(live.Id, e);
            live.End(new Fail("source-failed", $"The source failed ({e.GetType().Name}).") { At = time.GetUtcNow() });
        }
    }

    /// <summary>Counts time for every stream. A gap in which this process did not run counts as one interval.</summary>
    private void Watch()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(Interlocked.Exchange(ref watchedAt, now), now);
        if (passed > 2 * limits.WatchInterval) passed = limits.WatchInterval;
        foreach (var each in driven.Values) each.Live.Count(passed);
    }

    private sealed class Driven(StreamRunner live)
    {
        public StreamRunner Live => live;

        public TaskCompletionSource<AppendOutcome?> Claimed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The ending is settled; the source may still be on its way out.</summary>
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
