using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

internal static partial class EngineLog
{
    [LoggerMessage(100, LogLevel.Warning, "{What}")]
    public static partial void NodeProblem(this ILogger logger, string what);

    [LoggerMessage(101, LogLevel.Error, "Stream {Stream}: what drives it failed")]
    public static partial void StreamFault(this ILogger logger, StreamId stream, Exception exception);

    [LoggerMessage(108, LogLevel.Error, "{What} Nothing more is done about this stream here; `audit verify` says what else there is")]
    public static partial void StreamDamaged(this ILogger logger, string what);

    [LoggerMessage(109, LogLevel.Error, "The list of streams cannot be brought up to date: {What} It is tried again")]
    public static partial void FeedTrouble(this ILogger logger, string what);

    [LoggerMessage(102, LogLevel.Error, "Following the log failed; going on where the directory stands")]
    public static partial void FeedFault(this ILogger logger, Exception exception);

    [LoggerMessage(103, LogLevel.Error, "Stream {Stream}: the sweeper could not do its part; it tries again")]
    public static partial void SweepFault(this ILogger logger, StreamId stream, Exception exception);

    [LoggerMessage(104, LogLevel.Warning, "Stopped with {Streams} streams whose endings are not durable; the next start ends them")]
    public static partial void StoppedEarly(this ILogger logger, int streams);

    [LoggerMessage(105, LogLevel.Information, "Ended or removed {Streams} streams")]
    public static partial void Swept(this ILogger logger, int streams);

    [LoggerMessage(107, LogLevel.Error, "Handler {Handler} failed on stream {Stream}; it is tried again")]
    public static partial void HandlerFault(this ILogger logger, string handler, StreamId stream, Exception exception);

    [LoggerMessage(106, LogLevel.Error, "A loop of the engine failed; it goes on")]
    public static partial void LoopFault(this ILogger logger, Exception exception);
}
