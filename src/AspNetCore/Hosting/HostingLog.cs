using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore;

internal static partial class HostingLog
{
    [LoggerMessage(210, LogLevel.Warning, "The event log cannot be opened yet, and is tried again: {What}")]
    public static partial void WaitingForLog(this ILogger logger, string what);

    [LoggerMessage(211, LogLevel.Information, "Text streams are kept in {Folder}")]
    public static partial void KeptIn(this ILogger logger, string folder);
}
