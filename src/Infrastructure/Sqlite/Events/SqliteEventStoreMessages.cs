using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

internal static partial class SqliteEventStoreMessages
{
    [LoggerMessage(410, LogLevel.Error, "A commit of {Appends} requests failed: {Failure}")]
    public static partial void CommitFailed(ILogger logger, int appends, string failure);

    [LoggerMessage(411, LogLevel.Information, "The log can be written again")]
    public static partial void WritesAgain(ILogger logger);

    [LoggerMessage(412, LogLevel.Warning, "The write-ahead log could not be copied into the database: {Failure}")]
    public static partial void CheckpointFailed(ILogger logger, string failure);

    [LoggerMessage(417, LogLevel.Information, "The write-ahead log can be copied into the database again")]
    public static partial void CheckpointsAgain(ILogger logger);

    [LoggerMessage(413, LogLevel.Warning, "Removing deleted streams' events failed; it goes on after the next deletion or start: {Failure}")]
    public static partial void CleanupFailed(ILogger logger, string failure);

    [LoggerMessage(414, LogLevel.Warning, "Bringing the index's newest entries into order failed; the log goes on without: {Failure}")]
    public static partial void IndexMergeFailed(ILogger logger, string failure);

    [LoggerMessage(415, LogLevel.Information, "Bringing {File} from schema {From} to {To}: once, and a large log takes a while")]
    public static partial void BringingUpToDate(ILogger logger, string file, int from, int to);

    [LoggerMessage(416, LogLevel.Information, "{File} has schema {To} now, after {Seconds:0.0} s; older versions of this program do not open it any more")]
    public static partial void BroughtUpToDate(ILogger logger, string file, int to, double seconds);
}
