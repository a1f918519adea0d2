using System.Globalization;

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

    /// <summary>For the log, its readers, and what the runtime opens: some 300 after a start.</summary>
    private const int OwnFiles = 448;

    private const int LeastConnections = 16;

    /// <summary>A client has one, with all its calls on it.</summary>
    private const int MostLogConnections = 1024;

    /// <summary>Below this a busy server may run out of connections.</summary>
    private const int FewFiles = 4096;

    /// <summary>Connections of the HTTP API. As many files are left for what they need themselves: a connection to a
    /// provider each; and for the log's own port.</summary>
    public static long Connections(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } configured) return Math.Clamp(Spare() / 2, LeastConnections, UsualConnections);
        return long.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var connections) && connections > 0
            ? connections
            : throw new InvalidOperationException($"{Key}: '{configured}' is not a number of connections; name at least 1, or leave it out.");
    }

    public static void LogFileLimit(this WebApplication app)
    {
        if (Files() is not { } files) return;
        var connections = Connections(app.Configuration);
        if (Spare() / 2 < connections && connections > LeastConnections) app.Logger.FilesAreTooFew(files, connections);
        else if (files < FewFiles) app.Logger.FilesAreFew(files, connections);
        else app.Logger.FilesAreEnough(files, connections);
    }

    /// <summary>Connections of the embedded log's own port.</summary>
    public static int LogConnections() => (int)Math.Clamp(Spare() / 8, LeastConnections, MostLogConnections);

    private static long Spare() => Files() is { } files ? files - OwnFiles : 2 * UsualConnections;

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
