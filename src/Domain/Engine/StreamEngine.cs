using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Everything that a node does with text streams, put together over a log: creating, driving, ending, folding, listing,
/// and the loops that keep them true. It runs from opening to <see cref="StopAsync"/>.
/// </summary>
internal sealed class StreamEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource lifetime = new();
    private readonly Channel<bool> sweepNow = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly NodePresence presence;
    private readonly LifecycleFeed feed;
    private readonly StreamListing listing;
    private readonly StreamRecovery recovery;
    private readonly NodeWatch watch;
    private readonly EndedDeliveries deliveries;
    private readonly Func<string?>? storeProblem;
    private readonly CancellationTokenSource stopJobs = new();
    private readonly ILogger logger;
    private readonly StreamTelemetry telemetry;
    private readonly IReadOnlyList<IDisposable> gauges;
    private readonly Task loops;

    private StreamEngine(StreamEngineSetup setup)
    {
        var (log, catalog, node, time, options) = (setup.Log, setup.Catalog, setup.Node, setup.Time, setup.Options);
        AppendId NextAppendId() => new(setup.NewId());
        (Log, Catalog, Node, Options, Time, logger) = (log, catalog, node, options, time, new HarmlessLogger(setup.Logger));
        Memory = new TextMemory(options.MemoryLimit);
        storeProblem = setup.StoreProblem;
        watch = new NodeWatch(log, node, setup.IsExclusive, time);
        telemetry = new StreamTelemetry(setup.Metrics, logger, time);
        presence = new NodePresence(
            log, watch, node, options.Driving, NextAppendId, time, () => setup.Metrics.Outages.Add(1), logger.NodeProblem);
        var tails = new StreamTails(log, NextAppendId, time, node, telemetry);
        Drivers = new StreamRunners(
            setup.Sources, tails, options.Driving, time, Version, () => presence.WhyNoClaims, Memory, telemetry, logger.StreamFault, logger.PartsDropped,
            logger.UsageLeftOut, logger.PartLeftOut);
        Creation = new StreamCreation(tails, time);
        Endings = new StreamEndings(log, tails, Drivers, watch, NextAppendId, telemetry, time);
        Bodies = new StreamBodies(log, Memory);
        Summaries = new StreamSummaries(log, Memory);
        feed = new LifecycleFeed(log, catalog, Drivers, time, logger.FeedFault, telemetry.CatalogLag, () => Jobs?.Look());
        listing = new StreamListing(catalog, feed, time);
        var deletion = new DeletionJob(listing.PageAsync, feed.ReachedAsync, Endings, time, logger.JobStreamFault);
        Exports = new LabelledExport(log, listing.ByIdAsync);
        Jobs = new StreamJobs(log, new JobNotes(log, NextAppendId), watch, node, setup.NewId, deletion.RunAsync, time, logger.JobFault);
        recovery = new StreamRecovery(log, catalog, tails, Drivers, Endings, watch, options.Sweep, telemetry, time, logger.SweepFault);
        deliveries = new EndedDeliveries(setup.EndedHandlers, log, watch, node, NextAppendId, time, logger.HandlerFault);
        gauges = EngineGauges.Of(this, telemetry, deliveries);
        loops = Task.WhenAll(
            RunAsync(presence.RunAsync), RunAsync(feed.RunAsync), RunAsync(SweepAsync), RunAsync(DoJobsAsync), setup.IsExclusive ? Task.CompletedTask : RunAsync(ObserveAsync));
    }

    /// <summary>This program's version, as <c>StreamStarted</c> keeps it.</summary>
    public static string Version { get; } =
        typeof(StreamEngine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    internal ILogger Logger => logger;

    internal StreamTelemetry Telemetry => telemetry;

    public StreamLog Log { get; }

    public IStreamCatalog Catalog { get; }

    /// <summary>This process.</summary>
    public NodeRun Node { get; }

    public StreamEngineOptions Options { get; }

    public TimeProvider Time { get; }

    public StreamCreation Creation { get; }

    public StreamRunners Drivers { get; }

    public StreamEndings Endings { get; }

    public StreamBodies Bodies { get; }

    /// <inheritdoc cref="StreamListing.PageAsync"/>
    public Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct) => listing.PageAsync(query, ct);

    /// <inheritdoc cref="LifecycleFeed.Applied"/>
    public (LogPosition Position, Task Moved) ListPosition => listing.Applied;

    /// <inheritdoc cref="StreamListing.UsageAsync"/>
    public Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct) => listing.UsageAsync(query, ct);

    /// <inheritdoc cref="LifecycleFeed.ReachedAsync"/>
    public Task ListReachedAsync(LogPosition place, CancellationToken ct) => feed.ReachedAsync(place, ct);

    /// <summary>How many streams have all these labels, as the list has them.</summary>
    /// <exception cref="LogUnavailableException">The list is being made anew from the log.</exception>
    public async Task<long> CountAsync(Labels labels, CancellationToken ct)
    {
        var query = CatalogQuery.Of(labels, cursor: null, limit: 1) with { WithTotal = true };
        return (await ListAsync(query, ct)).Total ?? 0;
    }

    public StreamSummaries Summaries { get; }

    /// <summary>All streams of certain labels, with all that is stored of them.</summary>
    public LabelledExport Exports { get; }

    /// <summary>What is done with all streams of certain labels.</summary>
    public StreamJobs Jobs { get; }

    /// <summary>The budget of all text that this node holds.</summary>
    public TextMemory Memory { get; }

    /// <summary>Why this node cannot serve writes now, in words; null: it can.</summary>
    public string? Problem => storeProblem?.Invoke() ?? presence.Problem;

    /// <summary>Which handlers of endings fail, in words; null: none.</summary>
    public string? HandlerProblem => deliveries.Problem;

    /// <summary>Runs an engine. The log and the catalog remain their opener's, and must outlive it.</summary>
    public static async Task<StreamEngine> StartAsync(StreamEngineSetup setup, CancellationToken ct)
    {
        var engine = new StreamEngine(setup);
        await engine.FirstHeartbeatAsync(ct);
        await engine.HandlersKnownAsync(ct);
        return engine;
    }

    /// <summary>Claims nothing any more, and lets what this node drives go on to its end, at most for so
    /// long.</summary>
    public Task DrainAsync(TimeSpan limit, CancellationToken ct) => Drivers.DrainAsync(limit, ct);

    /// <summary>Ends what this node drives as interrupted, within <see cref="StreamEngineOptions.StopLimit"/>, and its
    /// loops.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Options.StopLimit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await Drivers.StopAsync(either.Token);
            await stopJobs.CancelAsync();                                        // as below
            await deliveries.StopAsync(either.Token); // before the last word, which gives the leases away
            await presence.StopAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            logger.StoppedEarly(Drivers.Count);
            await Drivers.GiveUpAsync(); // or requests would wait for endings that nothing awaits any more
        }

        await lifetime.CancelAsync();
        await loops;
    }

    public async ValueTask DisposeAsync()
    {
        await lifetime.CancelAsync();
        await Drivers.DisposeAsync();
        await deliveries.AbortAsync();
        await loops;
        foreach (var gauge in gauges) gauge.Dispose();
        Memory.Close();
        deliveries.Dispose();
        presence.Dispose();
        stopJobs.Dispose();
        lifetime.Dispose();
    }

    /// <summary>A log that does not answer must not keep the node from starting: it serves what it can, and claims
    /// nothing until then.</summary>
    private async Task FirstHeartbeatAsync(CancellationToken ct)
    {
        try
        {
            await presence.Present.WaitAsync(NodeWatch.Interval, Time, ct);
        }
        catch (TimeoutException)
        {
            logger.NodeProblem(presence.Problem ?? "The event log does not answer.");
        }
    }

    /// <summary>Before anything is driven here, so that a new handler misses nothing of it.</summary>
    private async Task HandlersKnownAsync(CancellationToken ct)
    {
        try
        {
            await deliveries.Registered.WaitAsync(NodeWatch.Interval, Time, ct);
        }
        catch (TimeoutException)
        {
            logger.NodeProblem("The handlers of endings cannot be noted in the event log yet; what ends until then a new one does not see.");
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await feed.CaughtUp.WaitAsync(ct);
        while (true)
        {
            var done = await recovery.SweepAsync(ct);
            telemetry.Metrics.Sweeps.Add(1);
            telemetry.Metrics.SweptStreams.Add(done);
            if (done > 0) logger.Swept(done);
            await TimeLimit.PauseAsync(Options.SweepInterval, Time, over => sweepNow.Reader.WaitToReadAsync(over).AsTask(), ct);
            sweepNow.Reader.TryRead(out _);
        }
    }

    /// <summary>Once the list is up to date, so that what a dead node has deleted is not counted as still
    /// there.</summary>
    private async Task DoJobsAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopJobs.Token);
        try
        {
            await feed.CaughtUp.WaitAsync(either.Token);
            await Jobs.RunAsync(either.Token);
        }
        catch (OperationCanceledException) when (stopJobs.IsCancellationRequested)
        {
            // The engine stops; another run goes on with what is open.
        }
    }

    /// <summary>Not on an exclusive log: there every other run is dead.</summary>
    private async Task ObserveAsync(CancellationToken ct)
    {
        await feed.CaughtUp.WaitAsync(ct);
        while (true)
        {
            var nodes = (await recovery.DrivingNodesAsync(ct)).Union(deliveries.OtherNodes).Union(Jobs.OtherNodes).ToHashSet(StringComparer.Ordinal);
            if (await watch.ObserveAsync(nodes, ct))
            {
                telemetry.Metrics.LostNodes.Add(1);
                sweepNow.Writer.TryWrite(true);
            }

            await Task.Delay(NodeWatch.Interval, Time, ct);
        }
    }

    /// <summary>A loop outlives one bad turn.</summary>
    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        while (!lifetime.IsCancellationRequested)
        {
            try
            {
                await loop(lifetime.Token);
                return;
            }
            catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // a cancellation that the engine did not ask for is one too
            {
                logger.LoopFault(e);
                await Task.Delay(NodeWatch.Interval, Time, lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
