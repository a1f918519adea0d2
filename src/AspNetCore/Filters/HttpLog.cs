using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore;

internal static partial class HttpLog
{
    /// <remarks>What it threw may be an app's own exception, or a source's: its words stay out of the log.</remarks>
    [LoggerMessage(200, LogLevel.Error, "{Method} {Path} failed: {Why}{Stack}")]
    public static partial void RequestFailed(this ILogger logger, string method, string path, string why, string stack);

    [LoggerMessage(201, LogLevel.Debug, "{Method} {Path} was broken off by its client: {Why}")]
    public static partial void RequestBroken(this ILogger logger, string method, string path, string why);
}
