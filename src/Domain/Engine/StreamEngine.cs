using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Everything that a node does with text streams, put together over a log: creating, driving, ending, folding, listing, and the loops that
/// keep them true. It runs from opening to <see cref="StopAsync"/>.
/// </summary>
public sealed class StreamEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource lifetime = new();
    private readonly Channel<bool> sweepNow = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly NodePresence presence;
    private readonly LifecycleFeed feed;
    private readonly StreamRecovery sweeper;
    private readonly NodeWatch watch;
    private readonly Func<string?>? storeTrouble;
    private readonly ILogger logger;
    private readonly Task loops;

    private StreamEngine(StreamEngineSetup setup)
    {
        var (log, directory, node, time, options) = (setup.Log, setup.Directory, setup.Node, setup.Time, setup.Options);
        AppendId NextAppendId() => new(setup.NewId());
        (Log, Directory, Options, Time, logger) = (log, directory, options, time, setup.Logger);
        storeTrouble = setup.StoreTrouble;
        watch = new NodeWatch(log, node, setup.IsExclusive, time);
        presence = new NodePresence(log, watch, node, options.Driving, NextAppendId, time, logger.NodeTrouble);
        var tails = new StreamTails(log, NextAppendId, time, node);
        Drivers = new StreamRunners(
            setup.Sources, tails, options.Driving, time, Version, () => presence.WhyNoClaims, logger.StreamFault);
        Creation = new StreamCreation(tails, time);
        Endings = new StreamEndings(log, tails, Drivers, watch, NextAppendId, time);
        Bodies = new StreamBodies(log);
        feed = new LifecycleFeed(log, directory, Drivers, time, logger.FeedFault);
        sweeper = new StreamRecovery(log, directory, tails, Drivers, Endings, watch, options.Sweep, time, logger.SweepFault);
        loops = Task.WhenAll(
            RunAsync(presence.RunAsync), RunAsync(feed.RunAsync), RunAsync(SweepAsync), RunAsync(ObserveAsync));
    }

    /// <summary>This program's version, as <c>StreamStarted</c> keeps it.</summary>
    public static string Version { get; } =
        typeof(StreamEngine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public StreamLog Log { get; }

    public IStreamCatalog Directory { get; }

    public StreamEngineOptions Options { get; }

    public TimeProvider Time { get; }

    public StreamCreation Creation { get; }

    public StreamRunners Drivers { get; }

    public StreamEndings Endings { get; }

    public StreamBodies Bodies { get; }

    /// <summary>Why this node cannot serve writes now, in words; null: it can.</summary>
    public string? Trouble => Drivers.IsStopping ? "The server is stopping." : storeTrouble?.Invoke() ?? presence.Trouble;

    /// <summary>Runs an engine. The log and the directory remain their opener's, and must outlive it.</summary>
    public static async Task<StreamEngine> StartAsync(StreamEngineSetup setup, CancellationToken ct)
    {
        var engine = new StreamEngine(setup);
        await engine.FirstHeartbeatAsync(ct);
        return engine;
    }

    /// <summary>Claims nothing any more, and lets what this node drives go on to its end, at most for so long.</summary>
    public Task DrainAsync(TimeSpan limit, CancellationToken ct) => Drivers.DrainAsync(limit, ct);

    /// <summary>Ends what this node drives as interrupted, within <see cref="StreamEngineOptions.StopLimit"/>, and its loops.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Options.StopLimit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await Drivers.StopAsync(either.Token);
            await presence.StopAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            logger.StoppedEarly(Drivers.Count);
        }

        await lifetime.CancelAsync();
        await loops;
    }

    public async ValueTask DisposeAsync()
    {
        await lifetime.CancelAsync();
        await Drivers.DisposeAsync();
        await loops;
        lifetime.Dispose();
    }

    /// <summary>A log that does not answer must not keep the node from starting: it serves what it can, and claims nothing until then.</summary>
    private async Task FirstHeartbeatAsync(CancellationToken ct)
    {
        try
        {
            await presence.Present.WaitAsync(NodeWatch.Interval, Time, ct);
        }
        catch (TimeoutException)
        {
            logger.NodeTrouble(presence.Trouble ?? "The event log does not answer.");
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await feed.CaughtUp.WaitAsync(ct);
        while (true)
        {
            if (await sweeper.SweepAsync(ct) is > 0 and var done) logger.Swept(done);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(Task.Delay(Options.SweepInterval, Time, over.Token), sweepNow.Reader.WaitToReadAsync(over.Token).AsTask());
            await over.CancelAsync();
            ct.ThrowIfCancellationRequested();
            sweepNow.Reader.TryRead(out _);
        }
    }

    private async Task ObserveAsync(CancellationToken ct)
    {
        await feed.CaughtUp.WaitAsync(ct);
        while (true)
        {
            if (await watch.ObserveAsync(await sweeper.DrivingNodesAsync(ct), ct)) sweepNow.Writer.TryWrite(true);
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
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LoopFault(e);
                await Task.Delay(NodeWatch.Interval, Time, lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
