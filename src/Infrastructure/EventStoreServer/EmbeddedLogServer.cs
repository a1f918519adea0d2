using System.Net;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>
/// Serves an embedded log to clients of EventStoreDB and KurrentDB, on a loopback port of its own. A client that is let
/// in can read and write everything in the log.
/// </summary>
public sealed partial class EmbeddedLogServer : IAsyncDisposable
{
    /// <summary>How long calls may take to end once the server stops; then their connections are cut.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private const int MostConnections = 1024;

    private readonly WebApplication app;
    private readonly CancellationTokenSource stopping;
    private readonly TimeProvider time;
    private int disposed;

    private EmbeddedLogServer(WebApplication app, CancellationTokenSource stopping, TimeProvider time) =>
        (this.app, this.stopping, this.time) = (app, stopping, time);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>For clients: <c>esdb://127.0.0.1:port?tls=false</c>.</summary>
    public string ConnectionString => $"esdb://{IPAddress.Loopback}:{Port}?tls=false";

    /// <summary>Any call may be made.</summary>
    internal static Func<HttpContext, Func<Task>, Task?> AdmitAll { get; } = static (_, call) => call();

    /// <summary>Listens from when this returns. The caller keeps the log, and disposes of the server before
    /// it.</summary>
    /// <param name="port">0 to 65535; 0 takes a free one.</param>
    /// <param name="time">Deadlines, and the time in the gossip.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    internal static Task<EmbeddedLogServer> StartAsync(
        SqliteEventStore log, int port, TimeProvider time, ILoggerFactory loggers, CancellationToken ct) =>
        StartAsync(log, port, StreamPrefix.Default, time, loggers, AdmitAll, ct);

    /// <inheritdoc cref="StartAsync(SqliteEventStore, int, TimeProvider, ILoggerFactory, CancellationToken)"/>
    /// <param name="prefix">Of the streams that hold texts: what is written to them has to be what the HTTP API
    /// serves.</param>
    /// <param name="admit">Runs a call that may be made; null: it may not be, and nothing has been done.</param>
    /// <param name="maxConnections">More are closed at once.</param>
    internal static async Task<EmbeddedLogServer> StartAsync(
        SqliteEventStore log,
        int port,
        StreamPrefix prefix,
        TimeProvider time,
        ILoggerFactory loggers,
        Func<HttpContext, Func<Task>, Task?> admit,
        CancellationToken ct,
        int maxConnections = MostConnections)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        var stopping = new CancellationTokenSource();
        var logger = loggers.CreateLogger<EmbeddedLogServer>();
        EmbeddedLogServer? server = null;
        var app = Build(port, maxConnections, loggers, admit, services => services
            .AddSingleton(new StreamsService(log, new TextWrites(prefix), time, new ServedCalls(logger, stopping.Token)))
            .AddSingleton(new GossipService(new NodeDescription(time, IPAddress.Loopback.ToString(), () => server!.Port)))
            .AddSingleton<ServerFeaturesService>());
        server = new EmbeddedLogServer(app, stopping, time);
        try
        {
            await app.StartAsync(ct);
            server.Port = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
                .Addresses.Select(address => new Uri(address).Port).Single();
            Serving(logger, server.ConnectionString);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends every call as unavailable, which clients take for a server that restarts, and stops
    /// listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await stopping.CancelAsync();
        using (var limit = new CancellationTokenSource(StopTime, time)) await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private static WebApplication Build(
        int port, int maxConnections, ILoggerFactory loggers, Func<HttpContext, Func<Task>, Task?> admit, Action<IServiceCollection> addServices)
    {
        var builder = InnerServer.CreateBuilder(loggers);
        builder.Services.AddGrpc(grpc =>
            {
                // As EventStoreDB does: an append may be a fourth of it, and clients send no more at a time.
                grpc.MaxReceiveMessageSize = 4 * 1024 * 1024;

                // They are not found; an unknown method of a service that there is, is said to be unimplemented.
                grpc.IgnoreUnknownServices = true;
            })
            .AddServiceOptions<StreamsService>(streams => streams.IgnoreUnknownServices = false)
            .AddServiceOptions<GossipService>(gossip => gossip.IgnoreUnknownServices = false)
            .AddServiceOptions<ServerFeaturesService>(features => features.IgnoreUnknownServices = false);
        addServices(builder.Services);
        builder.Logging.SetMinimumLevel(LogLevel.Trace)
            // It has errors of clients for errors; those of the server are told by ServedCalls.
            .AddFilter("Grpc", LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);

            // A follower may read slowly, and is never sent more than it takes; a ping finds out one that is gone.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(30);
            kestrel.Limits.MaxConcurrentConnections = maxConnections;

            // A client has a call for each subscription, and all of them on one connection.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1024;
        });

        var app = builder.Build();
        app.UseGrpcClientsOnly();
        app.UseAdmission(admit);
        app.UseRouting();
        app.MapGrpcService<StreamsService>();
        app.MapGrpcService<GossipService>();
        app.MapGrpcService<ServerFeaturesService>();
        app.MapFallback(http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentType = "application/grpc";
            return Task.CompletedTask;
        });
        app.UseEndpoints(static _ => { });
        return app;
    }

    [LoggerMessage(431, LogLevel.Information, "The embedded log is served over EventStoreDB's protocol at {ConnectionString}")]
    private static partial void Serving(ILogger logger, string connectionString);
}
