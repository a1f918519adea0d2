using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>A server of its own within an app: it lives as long as its owner lets it, and writes to the owner's
/// log.</summary>
internal static class InnerServer
{
    public static WebApplicationBuilder CreateBuilder(ILoggerFactory loggers)
    {
        // Nothing of the surrounding app's configuration: its addresses are not meant here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>().AddRoutingCore();
        builder.Logging.AddProvider(new ForwardedLogs(loggers)).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>Where it listens is said once, in our words: the host's own would look as if the app listened
    /// there.</summary>
    private sealed class ForwardedLogs(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose() { }
    }

    /// <summary>Signals are the owner's.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
