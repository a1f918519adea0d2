using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Opens the log and runs the engine from before the server listens until it has stopped. A log on a server that cannot be reached yet is
/// opened when it can: until then requests are answered 503. Streams are ended while the server still answers,
/// so that every driver gets its ending.
/// </summary>
public sealed class StreamEngineHost(
    IOptions<TextStreamsOptions> options,
    IEnumerable<ITextSource> sources,
    EngineAccess access,
    TimeProvider time,
    ILogger<StreamEngine> logger,
    ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How long the start waits for a log on a server to answer at all; then the server listens, and is not ready.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private Task opening = Task.CompletedTask;
    private IEventStore? bytes;
    private CacheFolder? cache;
    private SqliteCatalog? directory;
    private StreamEngine? engine;
    private EmbeddedLogServer? server;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.EventStore.ConnectionString is not null)
        {
            var tried = new TaskCompletionSource();
            opening = OpenOnServerAsync(tried, stopping.Token);
            await Task.WhenAny(opening, tried.Task.WaitAsync(StartLimit, time, cancellationToken));
            if (opening.IsFaulted) await opening;
            return;
        }

        var embedded = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = settings.Embedded.Path }, time, logger, cancellationToken);
        bytes = embedded;
        directory = await SqliteCatalog.OpenAsync(Path.Combine(settings.Embedded.Path, "directory.db"), logger, cancellationToken);
        await RunEngineAsync(embedded, directory, settings.Streams.Node ?? embedded.NodeName(NewNodeName), null, cancellationToken);
        if (settings.Embedded.GrpcPort is { } port) await ServeAsync(embedded, port, cancellationToken);
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

        await access.ClearAsync();                                               // followers have seen the endings; their requests end
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopOpeningAsync();
        await access.ClearAsync();
        if (Interlocked.Exchange(ref server, null) is { } serving) await serving.DisposeAsync();
        if (Interlocked.Exchange(ref engine, null) is { } running) await running.DisposeAsync();
        if (Interlocked.Exchange(ref directory, null) is { } list) await list.DisposeAsync();
        if (Interlocked.Exchange(ref bytes, null) is { } log) await log.DisposeAsync();
        Interlocked.Exchange(ref cache, null)?.Dispose();
        stopping.Dispose();
    }

    /// <summary>A server that cannot be reached keeps nobody from starting: it is tried until it answers.</summary>
    private async Task OpenOnServerAsync(TaskCompletionSource tried, CancellationToken ct)
    {
        for (var said = ""; ;)
        {
            try
            {
                await TryOpenOnServerAsync(ct);
                tried.TrySetResult();
                return;
            }
            catch (Exception e) when (e is LogUnavailableException || (e is not OperationCanceledException && tried.Task.IsCompleted))
            {
                access.Waiting(e.Message);
                if (said != e.Message) logger.WaitingForLog(said = e.Message);
                tried.TrySetResult();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
        }
    }

    private async Task TryOpenOnServerAsync(CancellationToken ct)
    {
        var settings = options.Value;
        cache ??= CacheFolder.Open(settings.EventStore.CachePath);
        directory ??= await SqliteCatalog.OpenAsync(Path.Combine(cache.Path, "directory.db"), logger, ct);
        var store = bytes as EventStoreDbStore ?? await EventStoreDbStore.OpenAsync(
            new EventStoreDbOptions
            {
                ConnectionString = settings.EventStore.ConnectionString!,
                Prefix = StreamPrefix.Parse(settings.Streams.Prefix),
            },
            time,
            logger,
            ct);
        bytes = store;
        await RunEngineAsync(store, directory, settings.Streams.Node ?? NewNodeName(), () => store.Trouble, ct);
    }

    private async Task RunEngineAsync(
        IEventStore store, SqliteCatalog list, string name, Func<string?>? storeTrouble, CancellationToken ct)
    {
        var settings = options.Value;
        var node = new NodeRun(name, Guid.NewGuid().ToString("N"));
        var log = await StreamLog.OpenAsync(store, StreamPrefix.Parse(settings.Streams.Prefix), Guid.NewGuid, time, node, ct);
        engine = await StreamEngine.StartAsync(
            new StreamEngineSetup
            {
                Log = log,
                Directory = list,
                Node = node,
                IsExclusive = store.IsExclusive,
                StoreTrouble = storeTrouble,
                Sources = [.. sources],
                Options = settings.ForEngine(),
                NewId = Guid.NewGuid,
                Time = time,
                Logger = logger,
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

    private async Task ServeAsync(SqliteEventStore log, int port, CancellationToken ct)
    {
        try
        {
            server = await EmbeddedLogServer.StartAsync(log, port, time, loggers, ct);
        }
        catch (IOException e)
        {
            throw new IOException($"Embedded:GrpcPort: port {port} cannot be listened on; choose another, or 0 for a free one. {e.Message}", e);
        }
    }

    private static string NewNodeName()
    {
        var host = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-'));
        return $"{(host.Length == 0 ? "node" : host[..Math.Min(host.Length, 60)])}-{Guid.NewGuid().ToString("N")[..8]}";
    }
}
