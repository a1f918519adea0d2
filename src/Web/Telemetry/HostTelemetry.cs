using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventSourcedStreams.Web;

/// <summary>What the ready-made host shows to its operators: metrics for Prometheus, and by the standard variables
/// traces, metrics and logs for a collector.</summary>
internal static class HostTelemetry
{
    private const string MetricsPath = "/metrics";

    private static readonly string[] Meters =
        [TextStreamsTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <exception cref="InvalidOperationException">A key of the section <c>Telemetry</c> is misspelt, or cannot be
    /// used.</exception>
    public static void AddHostTelemetry(this WebApplicationBuilder builder)
    {
        var settings = TelemetrySection.Read(builder.Configuration);
        var exporters = new Exporters(builder.Configuration);
        builder.Services.AddSingleton(settings);

        // Its lines have the whole address of each request, with what stands behind the question mark.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        if (!settings.Metrics && exporters is { Traces: false, Metrics: false, Logs: false }) return;

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService("event-sourced-streams", serviceVersion: StreamEngine.Version)
            .AddEnvironmentVariableDetector());
        if (settings.Metrics || exporters.Metrics) telemetry.WithMetrics(metrics => Add(metrics, settings, exporters));
        if (exporters.Traces) telemetry.WithTracing(Add);
        if (exporters.Logs) telemetry.WithLogging(logs => logs.AddOtlpExporter(), options => options.IncludeFormattedMessage = true);
        if (settings.MetricsUrl is not null) builder.Services.AddHostedService<MetricsServer>();
        if (settings.BackupFolder is not null) builder.Services.AddHostedService<BackupGauge>();
    }

    /// <summary><c>/metrics</c>, in Prometheus's text, or OpenMetrics where it is asked for; where keys are on, to any
    /// valid key, but to no stream token, which is for one's streams alone.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<TelemetrySection>().Metrics) return;
        app.MapPrometheusScrapingEndpoint(MetricsPath)
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]), EndpointRights.Metrics)
            .RequireAuthorization(policy => policy
                .AddRequirements(new RightRequirement(Right: null))
                .RequireAssertion(caller => caller.User.Identity?.AuthenticationType != TokenScheme.Name));
    }

    private static void Add(MeterProviderBuilder metrics, TelemetrySection settings, Exporters exporters)
    {
        metrics.AddMeter(Meters);
        if (settings.Metrics) metrics.AddPrometheusExporter();
        if (exporters.Metrics) metrics.AddOtlpExporter();
    }

    private static void Add(TracerProviderBuilder traces) => traces
        .AddSource(TextStreamsTelemetry.Name, "System.Net.Http")
        .AddAspNetCoreInstrumentation(requests =>
        {
            requests.Filter = http => !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) && http.Request.Path != MetricsPath;

            // Redacted already, by default: what may hold a token is not told at all.
            requests.EnrichWithHttpRequest = (span, _) => span.SetTag("url.query", null);
        })
        .AddOtlpExporter();
}
