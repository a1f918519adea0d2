using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Infrastructure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Opens the log and runs the engine from before the server listens until it has stopped. Streams are ended while the server still answers,
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
    private EmbeddedLog? bytes;
    private SqliteDirectory? directory;
    private StreamEngine? engine;
    private EmbeddedLogServer? server;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        bytes = await EmbeddedLog.OpenAsync(new EmbeddedLogOptions { Path = settings.Embedded.Path }, time, logger, cancellationToken);
        var name = settings.Streams.Node ?? bytes.NodeName(NewNodeName);
        var node = new NodeRun(name, Guid.NewGuid().ToString("N"));
        directory = await SqliteDirectory.OpenAsync(Path.Combine(settings.Embedded.Path, "directory.db"), logger, cancellationToken);
        var log = await EventLog.OpenAsync(
            bytes, StreamPrefix.Parse(settings.Streams.Prefix), Guid.NewGuid, time, node, cancellationToken);
        engine = await StreamEngine.StartAsync(
            new StreamEngineSetup
            {
                Log = log,
                Nodes = log,
                Directory = directory,
                Node = node,
                IsExclusive = bytes.IsExclusive,
                Sources = [.. sources],
                Options = settings.ForEngine(),
                Time = time,
                Logger = logger,
            },
            cancellationToken);
        access.Set(engine);
        if (settings.Embedded.GrpcPort is { } port) await ServeAsync(bytes, port, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (engine is not null) await engine.StopAsync(cancellationToken);
        await access.ClearAsync();                                               // followers have seen the endings; their requests end
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await access.ClearAsync();
        if (Interlocked.Exchange(ref server, null) is { } serving) await serving.DisposeAsync();
        if (Interlocked.Exchange(ref engine, null) is { } running) await running.DisposeAsync();
        if (Interlocked.Exchange(ref directory, null) is { } list) await list.DisposeAsync();
        if (Interlocked.Exchange(ref bytes, null) is { } log) await log.DisposeAsync();
    }

    private async Task ServeAsync(EmbeddedLog log, int port, CancellationToken ct)
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
