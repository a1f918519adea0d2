namespace EventSourcedStreams.Web;

/// <summary>
/// Which signals go to a collector, by OpenTelemetry's own variables: those with an endpoint
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or the signal's own), or whose exporter is said to be <c>otlp</c>; and none
/// where <c>OTEL_SDK_DISABLED</c> or the exporter <c>none</c> says so.
/// </summary>
internal sealed class Exporters(IConfiguration configuration)
{
    public bool Traces => Sends("TRACES");

    public bool Metrics => Sends("METRICS");

    public bool Logs => Sends("LOGS");

    private bool Sends(string signal)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)) return false;
        var exporters = (configuration[$"OTEL_{signal}_EXPORTER"] ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return exporters.Length > 0
            ? exporters.Contains("otlp", StringComparer.OrdinalIgnoreCase)
            : IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
    }

    private bool IsSet(string key) => !string.IsNullOrWhiteSpace(configuration[key]);
}
