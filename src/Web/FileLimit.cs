using System.Globalization;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>
/// How many files the process may have open, and so how many connections it takes: each is a file, and a process that
/// has none left can neither write its log nor go on. Connections beyond the bound are closed at once.
/// </summary>
internal static partial class FileLimit
{
    private const string Key = "Kestrel:Limits:MaxConcurrentConnections";

    /// <summary>More idle connections than this serve nothing, whatever the system allows.</summary>
    private const int UsualConnections = 10_000;

    /// <summary>For the log, its readers, and what the runtime opens.</summary>
    private const int OwnFiles = 256;

    /// <summary>Below this a busy server may run out of connections.</summary>
    private const int FewFiles = 4096;

    /// <summary>Connections of the HTTP API. Of what the system allows, a quarter is left for the log's own port and for
    /// what else is opened.</summary>
    public static long Connections(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } configured) return Math.Clamp(Spare(), 16, UsualConnections);
        return long.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var connections) && connections > 0
            ? connections
            : throw new InvalidOperationException($"{Key}: '{configured}' is not a number of connections; name at least 1, or leave it out.");
    }

    public static void BoundConnections(this WebApplicationBuilder builder)
    {
        var connections = Connections(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = connections);
    }

    public static void LogFileLimit(this WebApplication app)
    {
        if (Files() is not { } files) return;
        var connections = Connections(app.Configuration);
        if (files - OwnFiles < connections) app.Logger.FilesAreTooFew(files, connections);
        else if (files < FewFiles) app.Logger.FilesAreFew(files, connections);
        else app.Logger.FilesAreEnough(files, connections);
    }

    private static long Spare() => Files() is { } files ? Math.Min(files * 3 / 4, files - OwnFiles) : UsualConnections;

    /// <summary>The runtime takes all that the hard limit allows. Null where the system does not say.</summary>
    private static long? Files()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        if (!File.Exists(Limits)) return null;
        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null;
    }

    [LoggerMessage(301, LogLevel.Information, "The process may open {Files} files; at most {Connections} connections are taken")]
    private static partial void FilesAreEnough(this ILogger logger, long files, long connections);

    [LoggerMessage(302, LogLevel.Warning,
        "The process may open only {Files} files, so at most {Connections} connections are taken; raise the limit (ulimit -n, LimitNOFILE) for more")]
    private static partial void FilesAreFew(this ILogger logger, long files, long connections);

    [LoggerMessage(303, LogLevel.Warning,
        "The process may open only {Files} files, and as many as {Connections} connections are to be taken; raise the one (ulimit -n, LimitNOFILE) or lower the other (Kestrel:Limits:MaxConcurrentConnections)")]
    private static partial void FilesAreTooFew(this ILogger logger, long files, long connections);
}
