using System.Collections.Concurrent;
using System.Net.Sockets;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EventSourcedStreams.Web;

/// <summary>
/// Every connection of the server, whatever it is at: half a request, an answer that its client does not read, nothing.
/// There are so many of them at one time; more are closed at once. A stop gives them a moment after the streams have
/// their endings, and cuts what is left, so that no client decides when the process goes.
/// </summary>
internal sealed partial class OpenConnections(long most, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long a client may take nothing of what is left to be sent once all answers are written; the server
    /// would wait for ever.</summary>
    public static readonly TimeSpan TakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>How often it is said that connections are closed.</summary>
    private static readonly TimeSpan Said = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2.5);

    private readonly ConcurrentDictionary<ConnectionContext, bool> open = new();
    private readonly CancellationTokenSource stopped = new();
    private Task cutting = Task.CompletedTask;
    private volatile bool isCut;
    private long count;
    private long saidAt;

    /// <summary>Null until the host is built.</summary>
    public ILogger? Logger { get; set; }

    public long Count => Interlocked.Read(ref count);

    /// <summary>A connection counts from its acceptance until the system has all that was sent on it.</summary>
    public ConnectionDelegate Counted(ConnectionDelegate next) => async connection =>
    {
        if (Interlocked.Increment(ref count) > most)
        {
            Refuse(connection);
            return;
        }

        open.TryAdd(connection, true);
        try
        {
            if (isCut) Cut(connection); // accepted before the door was closed, and served only now
            await ServeAsync(connection, next);
        }
        finally
        {
            open.TryRemove(connection, out _);
            Interlocked.Decrement(ref count);
        }
    };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        cutting = CutAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await stopped.CancelAsync();
        await cutting;
    }

    public void Dispose() => stopped.Dispose();

    /// <summary>The server closes a connection itself once this has returned, but nothing tells when that is
    /// over.</summary>
    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
            var closing = connection.DisposeAsync();
            if (closing.IsCompleted || socket is null) await closing;
            else await ClosedAsync(connection, socket, closing);
        }
    }

    private async Task ClosedAsync(ConnectionContext connection, Socket socket, ValueTask closing)
    {
        using var watch = new TakeWatch(() => TakenBytes.Of(socket), TakeLimit, time, () => Cut(connection));
        watch.Begin();
        await closing;
    }

    private void Refuse(ConnectionContext connection)
    {
        Interlocked.Decrement(ref count);
        connection.Abort(new ConnectionAbortedException("There are as many connections as there may be."));
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref saidAt));
        if ((last == 0 || time.GetElapsedTime(last, now) >= Said) && Interlocked.CompareExchange(ref saidAt, now, last) == last && Logger is not null)
            TooMany(Logger, most);
    }

    [LoggerMessage(304, LogLevel.Warning, "There are {Most} connections, as many as are taken; more are closed at once")]
    private static partial void TooMany(ILogger logger, long most);

    private async Task CutAsync()
    {
        await Task.Delay(LastWords, time, stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isCut = true; // before it is looked which there are, so that none is in between
        foreach (var connection in open.Keys) Cut(connection);
    }

    private static void Cut(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("The server has stopped."));
}

internal static class OpenConnectionsExtensions
{
    /// <summary>To be called before the streams are added: what is added first is told last that the host
    /// stops.</summary>
    /// <param name="time">Null: the system's.</param>
    public static OpenConnections BoundConnections(this WebApplicationBuilder builder, TimeProvider? time = null)
    {
        var connections = new OpenConnections(FileLimit.Connections(builder.Configuration), time ?? TimeProvider.System);
        builder.Services.AddHostedService(services =>
        {
            connections.Logger = services.GetRequiredService<ILogger<OpenConnections>>();
            return connections;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Counted)));
        return connections;
    }
}
