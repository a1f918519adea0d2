using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Opens the log and runs the engine from before the server listens until it has stopped. A log on a server that cannot
/// be reached yet is opened when it can: until then requests are answered 503. Streams are ended while the server still
/// answers, so that every driver gets its ending.
/// </summary>
internal sealed class StreamEngineHost(
    IOptions<TextStreamsOptions> options,
    TextStreamsSection section,
    TextStreamsRegistrations registrations,
    IServiceProvider services,
    EngineAccess access,
    TimeProvider time,
    ILogger<StreamEngine> logger) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How long the start waits for a log on a server to answer at all; then the server listens, and is not
    /// ready.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private Task opening = Task.CompletedTask;
    private IEventStoreOpener? opener;
    private OpenedEventStore? opened;
    private CacheFolder? cache;
    private SqliteCatalog? catalog;
    private StreamEngine? engine;
    private IEmbeddedLogServer? server;
    private IReadOnlyList<IDisposable> gauges = [];
    private TextSources sources = null!;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        sources = services.GetRequiredService<TextSources>();
        opener = registrations.EventStore?.Invoke(services);
        Check(settings, opener);
        var isEmbedded = opener is null;
        gauges = StoreGauges.Of(
            services.GetRequiredService<StreamMetrics>(),
            () => engine is { Problem: null },
            () => isEmbedded ? settings.Embedded.Path : cache?.Path,
            () => opened?.Store as SqliteEventStore);
        if (opener is not null)
        {
            var tried = new TaskCompletionSource();
            opening = OpenOnServerAsync(opener, tried, stopping.Token);
            await Task.WhenAny(opening, tried.Task.WaitAsync(StartLimit, time, cancellationToken));
            tried.TrySetResult(); // from here on every fault is told, and tried again
            if (opening.IsFaulted) await opening;
            return;
        }

        var embedded = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = settings.Embedded.Path }, time, logger, cancellationToken);
        opened = new OpenedEventStore(embedded, () => embedded.Problem);
        catalog = await SqliteCatalog.OpenAsync(Path.Combine(settings.Embedded.Path, "directory.db"), logger, cancellationToken);
        logger.KeptIn(Path.GetFullPath(settings.Embedded.Path));
        await RunEngineAsync(opened, catalog, settings.Streams.Node ?? embedded.NodeName(NewNodeName), cancellationToken);
        if (settings.Embedded.GrpcPort is not null) await ServeAsync(embedded, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await StopOpeningAsync();
        if (engine is not null)
        {
            if (options.Value.Streams.DrainTimeout is { Ticks: > 0 } limit) await engine.DrainAsync(limit, cancellationToken);
            await engine.StopAsync(cancellationToken);
        }

        await access.ClearAsync(); // followers have seen the endings; their requests end
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopOpeningAsync();
        await access.ClearAsync();
        if (Interlocked.Exchange(ref server, null) is { } serving) await serving.DisposeAsync();
        if (Interlocked.Exchange(ref engine, null) is { } running) await running.DisposeAsync();
        if (Interlocked.Exchange(ref catalog, null) is { } list) await list.DisposeAsync();
        if (Interlocked.Exchange(ref opened, null) is { } store) await store.Store.DisposeAsync();
        if (Interlocked.Exchange(ref opener, null) is { } unopened) await unopened.DisposeAsync();
        Interlocked.Exchange(ref cache, null)?.Dispose();
        foreach (var gauge in Interlocked.Exchange(ref gauges, [])) gauge.Dispose();
        stopping.Dispose();
    }

    /// <summary>A server that cannot be reached does not keep the app from starting: it is tried until it
    /// answers.</summary>
    private async Task OpenOnServerAsync(IEventStoreOpener store, TaskCompletionSource tried, CancellationToken ct)
    {
        for (var said = ""; ;)
        {
            try
            {
                await TryOpenOnServerAsync(store, ct);
                tried.TrySetResult();
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && (tried.Task.IsCompleted || e is LogUnavailableException or OperationCanceledException))
            {
                access.Waiting(e.Message);
                if (said != e.Message) logger.WaitingForLog(said = e.Message);
                tried.TrySetResult();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
        }
    }

    private async Task TryOpenOnServerAsync(IEventStoreOpener store, CancellationToken ct)
    {
        var settings = options.Value;
        cache ??= CacheFolder.Open(store.CachePath);
        catalog ??= await SqliteCatalog.OpenAsync(Path.Combine(cache.Path, "directory.db"), logger, ct);
        opened ??= await store.OpenAsync(StreamPrefix.Parse(settings.Streams.Prefix), time, logger, ct);
        await RunEngineAsync(opened, catalog, settings.Streams.Node ?? NewNodeName(), ct);
    }

    private async Task RunEngineAsync(OpenedEventStore store, SqliteCatalog list, string name, CancellationToken ct)
    {
        var settings = options.Value;
        var node = new NodeRun(name, Guid.NewGuid().ToString("N"));
        var log = await StreamLog.OpenAsync(store.Store, StreamPrefix.Parse(settings.Streams.Prefix), Guid.NewGuid, time, node, ct);
        engine = await StreamEngine.StartAsync(
            new StreamEngineSetup
            {
                Log = log,
                Catalog = list,
                Node = node,
                IsExclusive = store.Store.IsExclusive,
                StoreProblem = store.Problem,
                Sources = sources.All,
                EndedHandlers = services.GetRequiredService<EndedHandlers>().All,
                Options = settings.ForEngine(opener?.KeepsParts ?? true),
                NewId = Guid.NewGuid,
                Time = time,
                Logger = logger,
                Metrics = services.GetRequiredService<StreamMetrics>(),
            },
            ct);
        access.Set(engine);
    }

    private async Task StopOpeningAsync()
    {
        if (opening.IsCompleted) return;
        await stopping.CancelAsync();
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(SqliteEventStore log, CancellationToken ct)
    {
        server = services.GetRequiredService<IEmbeddedLogServer>();
        await server.StartAsync(log, ct);
    }

    /// <exception cref="OptionsValidationException">Values that are right each by itself do not go
    /// together.</exception>
    private void Check(TextStreamsOptions settings, IEventStoreOpener? elsewhere)
    {
        List<string> errors = [.. sources.Errors(settings.Streams)];
        if (settings.Embedded.GrpcPort is not null && elsewhere is not null)
            errors.Add("Embedded:GrpcPort: EventStore:ConnectionString is set, so there is no embedded log to be served; remove one of the two.");
        else if (settings.Embedded.GrpcPort is not null && services.GetService<IEmbeddedLogServer>() is null)
            errors.Add("Embedded:GrpcPort: only the ready-made host serves the embedded log; remove the key.");
        if (errors.Count == 0) return;
        throw new OptionsValidationException("", typeof(TextStreamsOptions), errors.Select(section.Of));
    }

    private static string NewNodeName()
    {
        var host = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-'));
        return $"{(host.Length == 0 ? "node" : host[..Math.Min(host.Length, 60)])}-{Guid.NewGuid().ToString("N")[..8]}";
    }
}
