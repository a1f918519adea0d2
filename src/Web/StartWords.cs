using Microsoft.AspNetCore.Connections;

namespace EventSourcedStreams.Web;

/// <summary>What the host says at its start: the page's address, and what to do where it does not start.</summary>
internal static partial class StartWords
{
    /// <summary>As soon as the server listens.</summary>
    public static void LogPageAddress(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        if (app.Urls.FirstOrDefault() is { } url) app.Logger.PageIsAt(Reachable(url));
    });

    /// <summary>An error at start, in a line that says what to do.</summary>
    public static string Of(Exception e) => e is IOException { InnerException: AddressInUseException }
        ? $"{e.Message} Stop the program that listens there, which may be another one of these, or have this one listen elsewhere: "
            + "--urls http://127.0.0.1:5281"
        : e.Message;

    /// <summary>An address that stands for all of a machine's is opened by its name.</summary>
    private static string Reachable(string url) => url
        .Replace("://+", "://localhost", StringComparison.Ordinal)
        .Replace("://*", "://localhost", StringComparison.Ordinal)
        .Replace("://[::]", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal);

    [LoggerMessage(300, LogLevel.Information, "The page is at {Url}/, the API to be tried at {Url}/docs")]
    private static partial void PageIsAt(this ILogger logger, string url);
}
