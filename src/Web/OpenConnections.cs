using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace EventSourcedStreams.Web;

/// <summary>
/// Every connection of the server, whatever it is at: half a request, an answer that its client does not read, nothing.
/// A stop gives them a moment after the streams have their endings, and cuts what is left, so that no client decides
/// when the process goes.
/// </summary>
internal sealed class OpenConnections(TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2.5);

    private readonly ConcurrentDictionary<ConnectionContext, bool> open = new();
    private readonly CancellationTokenSource stopped = new();
    private Task cutting = Task.CompletedTask;

    /// <summary>A connection counts from its first byte to its end.</summary>
    public ConnectionDelegate Counted(ConnectionDelegate next) => async connection =>
    {
        open.TryAdd(connection, true);
        try
        {
            await next(connection);
        }
        finally
        {
            open.TryRemove(connection, out _);
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

    private async Task CutAsync()
    {
        await Task.Delay(LastWords, time, stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var connection in open.Keys) connection.Abort(new ConnectionAbortedException("The server has stopped."));
    }
}

internal static class OpenConnectionsExtensions
{
    /// <summary>To be called before the streams are added: what is added first is told last that the host
    /// stops.</summary>
    public static void CutConnectionsAtStop(this WebApplicationBuilder builder)
    {
        var connections = new OpenConnections(TimeProvider.System);
        builder.Services.AddHostedService(_ => connections);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Counted)));
    }
}
