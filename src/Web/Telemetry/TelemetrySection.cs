using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>The section <c>Telemetry</c>. What goes to a collector is said by OpenTelemetry's own variables.</summary>
internal sealed class TelemetrySection
{
    public const string Name = "Telemetry";

    /// <summary>Whether metrics are kept and served at <c>/metrics</c>.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>Where <c>/metrics</c> is served a second time, without a key, as <c>http://127.0.0.1:9464</c>: for a
    /// network that only Prometheus reaches. None: nowhere.</summary>
    public string? MetricsUrl { get; set; }

    /// <summary>Where backups are put: the time of the newest file there is told. None: it is not.</summary>
    public string? BackupFolder { get; set; }

    /// <exception cref="InvalidOperationException">Names the key that is misspelt, or cannot be used.</exception>
    public static TelemetrySection Read(IConfiguration root)
    {
        var section = root.GetSection(Name);
        KnownKeys.Check(section, typeof(TelemetrySection));
        var telemetry = section.Get<TelemetrySection>() ?? new TelemetrySection();
        if (telemetry.MetricsUrl is "") telemetry.MetricsUrl = null;
        if (telemetry.BackupFolder is "") telemetry.BackupFolder = null;
        if (telemetry.MetricsUrl is null) return telemetry;
        if (!IsAddress(telemetry.MetricsUrl))
            throw new InvalidOperationException($"{Name}:{nameof(MetricsUrl)}: '{telemetry.MetricsUrl}' is not an address to listen at, as http://127.0.0.1:9464.");
        if (!telemetry.Metrics)
            throw new InvalidOperationException($"{Name}:{nameof(MetricsUrl)}: {Name}:{nameof(Metrics)} is false, so there is nothing to serve; remove one of the two.");
        return telemetry;
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http", PathBase: "", Port: >= 0 and <= 65535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
