using System.Collections.Concurrent;
using System.Text.Json;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>The streams that this node drives: claims them, runs their sources, ends them, and owns all of that until
/// it is stopped.</summary>
internal sealed class StreamRunners : IAsyncDisposable
{
    private readonly DrivenStreams driven = new();
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

    /// <param name="engine">This program's version, as <c>StreamStarted</c> keeps it.</param>
    /// <param name="whyNoClaims">Why this node may claim nothing now, in words; null: it may.</param>
    /// <param name="onFault">Told of what a source threw, or what went wrong with a stream beyond its ending.</param>
    /// <param name="onPartsDropped">Told once of each source whose parts are dropped.</param>
    /// <param name="onUsageLeftOut">Told of the stream, the source, and why the usage that it gave is not kept.</param>
    /// <param name="onPartLeftOut">Told once of each stream for which a source has more parts than it may: of the
    /// stream, the source, and the first part's kind that is not kept.</param>
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

    public bool IsDriving(StreamId id) => driven.Contains(id);

    /// <summary>The streams that this node drives now.</summary>
    public IReadOnlyCollection<StreamId> Driven => driven.Ids;

    /// <summary>
    /// Claims a stream and runs its source. Cancelling stops the waiting for the claim, not the claim: one that wins
    /// runs all the same. Only where the source would read the body, which goes with its request, the stream ends then.
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
        if (driven.IsStopping) return DriveResult.Unavailable.Stopping;
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
        var start = new Start(tails.Node, described.Provider, described.Model, engine) { At = time.GetUtcNow() };
        var starting = new StreamDrive(live, source, request, told, time, onFault, onUsageLeftOut);
        if (driven.Refused(starting) is { } refused)
        {
            live.Dispose();
            return refused;
        }

        _ = starting.RunAsync(start, driven, lifetime.Token); // owned: Finished tells of it, StopAsync awaits that
        return await starting.ClaimedAsync(output, limits.OutageLimit, ct) switch
        {
            AppendOutcome.Appended => new DriveResult.Driving(output, starting.Finished, source.TakesBody),
            AppendOutcome.Lost { By: { } by } => StreamState.After(by) switch
            {
                StreamState.Ended ended => new DriveResult.AlreadyEnded(ended.Status),
                StreamState.Deleted => new DriveResult.Deleted(),
                _ => new DriveResult.AlreadyDriven(),
            },
            AppendOutcome.Deleted => new DriveResult.Deleted(),
            _ when driven.IsStopping => DriveResult.Unavailable.Stopping,
            _ => new DriveResult.Unavailable("The event log did not answer in time."),
        };
    }

    /// <summary>Ends a stream that this node drives; null: it drives no such stream. The task completes when the ending
    /// is settled.</summary>
    /// <param name="epoch">Of the driver that is meant; null: whichever it is.</param>
    public Task? End(StreamId id, StreamCommand ending, int? epoch = null)
    {
        if (driven.Find(id) is not { } found || (epoch is { } meant && meant != found.Live.Epoch)) return null;
        found.Live.End(ending);
        return found.Ended;
    }

    /// <summary>Another node has written a stream's ending.</summary>
    public void OvertakenBy(RecordedEvent last)
    {
        if (last.Context.Node != tails.Node && driven.Find(last.Stream) is { } found) found.Live.OvertakenBy(last);
    }

    /// <inheritdoc cref="DrivenStreams.IsStopping"/>
    public bool IsStopping => driven.IsStopping;

    /// <summary>Takes no new streams, and waits until those it drives have ended by themselves, or the limit has
    /// passed.</summary>
    public async Task DrainAsync(TimeSpan limit, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var all = Task.WhenAll(driven.StopAccepting().Select(each => each.Ended));
        await Task.WhenAny(all, Task.Delay(limit, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Takes no new streams, ends those it drives as interrupted, and waits until all endings are
    /// durable.</summary>
    /// <exception cref="OperationCanceledException">Not in time: the next start, or another node, ends the
    /// rest.</exception>
    public async Task StopAsync(CancellationToken ct)
    {
        var all = driven.StopAccepting();
        foreach (var each in all)
            each.Live.End(new Fail("interrupted", "The server was stopped while the text was being made.") { At = time.GetUtcNow() });
        await Task.WhenAll(all.Select(each => each.Ended)).WaitAsync(ct);
    }

    /// <summary>Leaves the endings that are not durable to the next start, or to another node. The drivers are told
    /// that they are not known.</summary>
    public Task GiveUpAsync() => lifetime.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        var all = driven.StopAccepting();
        await watch.DisposeAsync();
        pacer.Dispose();
        await lifetime.CancelAsync();
        await Task.WhenAll(all.Select(each => each.Ended));
        lifetime.Dispose();
    }

    private void Dropped(string source)
    {
        if (dropping.TryAdd(source, true)) onPartsDropped(source);
    }

    /// <summary>Counts time for every stream. A gap in which this process did not run counts as one interval.</summary>
    private void Watch()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(Interlocked.Exchange(ref watchedAt, now), now);
        if (passed > 2 * limits.WatchInterval) passed = limits.WatchInterval;
        foreach (var each in driven.All) each.Live.Count(passed);
    }
}
