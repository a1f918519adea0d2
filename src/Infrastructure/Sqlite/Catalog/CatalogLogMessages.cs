using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

internal static partial class CatalogLogMessages
{
    [LoggerMessage(420, LogLevel.Warning, "The directory {File} is damaged: it is deleted and filled anew from the log")]
    public static partial void CatalogDamaged(this ILogger logger, string file, Exception why);

    [LoggerMessage(421, LogLevel.Information,
        "The directory {File} is of version {Found}, not {Version}: it is deleted and filled anew from the log")]
    public static partial void CatalogOfAnotherVersion(this ILogger logger, string file, long found, int version);

    [LoggerMessage(422, LogLevel.Error, "Stream {Stream} is listed as damaged: {What} `streams-audit verify` says all that is wrong")]
    public static partial void ListedAsDamaged(this ILogger logger, StreamId stream, string what);

    [LoggerMessage(424, LogLevel.Information, "Stream {Stream} is listed as another program's, or with its event: {What}")]
    public static partial void ListedAsForeign(this ILogger logger, StreamId stream, string what);

    [LoggerMessage(423, LogLevel.Error, "The directory leaves out an event of stream {Stream} at {Position}: {What}")]
    public static partial void DamagedEventLeftOut(this ILogger logger, string stream, LogPosition position, string what);
}
