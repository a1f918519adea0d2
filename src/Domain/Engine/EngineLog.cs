using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

internal static partial class EngineLog
{
    [LoggerMessage(100, LogLevel.Warning, "{What}")]
    public static partial void NodeProblem(this ILogger logger, string what);

    public static void StreamFault(this ILogger logger, StreamId stream, Exception exception) =>
        StreamFault(logger, stream, FaultTrace.WhyOf(exception), FaultTrace.StackOf(exception));

    public static void FeedFault(this ILogger logger, Exception exception) => FeedFault(logger, exception.Message, Trace(exception));

    public static void SweepFault(this ILogger logger, StreamId stream, Exception exception) =>
        SweepFault(logger, stream, exception.Message, Trace(exception));

    [LoggerMessage(104, LogLevel.Warning, "Stopped with {Streams} streams whose endings are not durable; the next start ends them")]
    public static partial void StoppedEarly(this ILogger logger, int streams);

    [LoggerMessage(105, LogLevel.Information, "Ended or removed {Streams} streams")]
    public static partial void Swept(this ILogger logger, int streams);

    public static void HandlerFault(this ILogger logger, string handler, StreamId stream, Exception exception)
    {
        if (exception is LogDamagedException) EndingNotHanded(logger, handler, exception.Message);
        else HandlerFailed(logger, handler, stream, FaultTrace.WhyOf(exception), FaultTrace.StackOf(exception));
    }

    public static void JobStreamFault(this ILogger logger, StreamId stream, Exception exception) =>
        JobStreamFault(logger, stream, exception.Message);

    public static void JobFault(this ILogger logger, string job, Exception exception) =>
        JobFault(logger, job, exception.Message, Trace(exception));

    [LoggerMessage(111, LogLevel.Information, "Source {Source} says more than text (reasoning, tool calls, files): that is dropped, because Streams:Parts is off")]
    public static partial void PartsDropped(this ILogger logger, string source);

    [LoggerMessage(114, LogLevel.Warning, "Stream {Stream}: the usage that source {Source} gave is left out, because {Why}; the stream and its ending are whole. A usage is the provider's JSON as it came, at most 8 KiB of it")]
    public static partial void UsageLeftOut(this ILogger logger, StreamId stream, string source, string why);

    [LoggerMessage(115, LogLevel.Warning, "Stream {Stream}: source {Source} says more beside the text than one stream holds (10,000 parts, 256 open at one time); from a {Kind} on some is left out, and a part of the kind error in the stream says so. End parts when they are over; of a model, ask for fewer calls in one answer")]
    public static partial void PartLeftOut(this ILogger logger, StreamId stream, string source, string kind);

    [LoggerMessage(106, LogLevel.Error, "A loop of the engine failed; it goes on")]
    public static partial void LoopFault(this ILogger logger, Exception exception);

    /// <remarks>A source's own words stay out of the log.</remarks>
    [LoggerMessage(101, LogLevel.Error, "Stream {Stream}: what drives it failed: {Why}{Stack}")]
    private static partial void StreamFault(ILogger logger, StreamId stream, string why, string stack);

    [LoggerMessage(102, LogLevel.Error, "Following the log failed; it goes on where the directory stands: {Why}")]
    private static partial void FeedFault(ILogger logger, string why, Exception? exception);

    [LoggerMessage(103, LogLevel.Error, "Stream {Stream}: the sweeper could not do its part; it tries again: {Why}")]
    private static partial void SweepFault(ILogger logger, StreamId stream, string why, Exception? exception);

    /// <remarks>Nor a handler's.</remarks>
    [LoggerMessage(107, LogLevel.Error, "Handler {Handler} failed on stream {Stream}; it is tried again: {Why}{Stack}")]
    private static partial void HandlerFailed(ILogger logger, string handler, StreamId stream, string why, string stack);

    [LoggerMessage(108, LogLevel.Error, "Handler {Handler} is not told of a stream that has ended, because it cannot be read: {Why}")]
    private static partial void EndingNotHanded(ILogger logger, string handler, string why);

    [LoggerMessage(109, LogLevel.Error, "Stream {Stream} cannot be deleted with the others of its label: {Why}")]
    private static partial void JobStreamFault(ILogger logger, StreamId stream, string why);

    [LoggerMessage(110, LogLevel.Error, "Job {Job} cannot go on now; it is tried again: {Why}")]
    private static partial void JobFault(ILogger logger, string job, string why, Exception? exception);

    /// <summary>What is wrong with the log says where; where in the program that was found says nothing.</summary>
    private static Exception? Trace(Exception exception) => exception is LogDamagedException or LogUnavailableException ? null : exception;
}
