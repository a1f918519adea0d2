using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

internal static partial class EngineLog
{
    [LoggerMessage(100, LogLevel.Warning, "{What}")]
    public static partial void NodeProblem(this ILogger logger, string what);

    public static void StreamFault(this ILogger logger, StreamId stream, Exception exception) =>
        StreamFault(logger, stream, FaultTrace.TypesOf(exception), FaultTrace.StackOf(exception));

    [LoggerMessage(102, LogLevel.Error, "Following the log failed; going on where the directory stands")]
    public static partial void FeedFault(this ILogger logger, Exception exception);

    [LoggerMessage(103, LogLevel.Error, "Stream {Stream}: the sweeper could not do its part; it tries again")]
    public static partial void SweepFault(this ILogger logger, StreamId stream, Exception exception);

    [LoggerMessage(104, LogLevel.Warning, "Stopped with {Streams} streams whose endings are not durable; the next start ends them")]
    public static partial void StoppedEarly(this ILogger logger, int streams);

    [LoggerMessage(105, LogLevel.Information, "Ended or removed {Streams} streams")]
    public static partial void Swept(this ILogger logger, int streams);

    public static void HandlerFault(this ILogger logger, string handler, StreamId stream, Exception exception) =>
        HandlerFault(logger, handler, stream, FaultTrace.TypesOf(exception), FaultTrace.StackOf(exception));

    [LoggerMessage(106, LogLevel.Error, "A loop of the engine failed; it goes on")]
    public static partial void LoopFault(this ILogger logger, Exception exception);

    /// <remarks>A source's own words stay out of the log.</remarks>
    [LoggerMessage(101, LogLevel.Error, "Stream {Stream}: what drives it failed: {ExceptionType}\n{StackTrace}")]
    private static partial void StreamFault(ILogger logger, StreamId stream, string exceptionType, string stackTrace);

    [LoggerMessage(107, LogLevel.Error, "Handler {Handler} failed on stream {Stream}; it is tried again: {ExceptionType}\n{StackTrace}")]
    private static partial void HandlerFault(ILogger logger, string handler, StreamId stream, string exceptionType, string stackTrace);
}
