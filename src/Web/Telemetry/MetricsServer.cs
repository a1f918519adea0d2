using EventSourcedStreams.EventStoreServer;
using OpenTelemetry.Metrics;

namespace EventSourcedStreams.Web;

/// <summary><c>Telemetry:MetricsUrl</c>: <c>/metrics</c> at an address of its own, which asks for no key. Nothing else
/// is served there.</summary>
internal sealed class MetricsServer(TelemetrySection settings, MeterProvider metrics, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 64;

    private WebApplication? app;

    /// <exception cref="IOException">The address cannot be listened at; names the key.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = InnerServer.CreateBuilder(loggers);
        builder.WebHost.UseUrls(settings.MetricsUrl!).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        app = builder.Build();
        app.Use((http, next) => IsOfAPage(http.Request) ? NotFound(http) : next(http));
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        app.Run(NotFound);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new IOException($"Telemetry:MetricsUrl: {settings.MetricsUrl} cannot be listened at; choose another port. {e.Message}", e);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null) await app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }

    /// <summary>A page may point a name of its own to this address, and read it; an address that is typed in has no
    /// page behind it.</summary>
    private static bool IsOfAPage(HttpRequest request) =>
        request.Headers.Origin.Count > 0 || (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } from && from != "none");

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
