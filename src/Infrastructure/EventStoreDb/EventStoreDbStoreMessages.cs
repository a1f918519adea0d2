using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

internal static partial class EventStoreDbStoreMessages
{
    [LoggerMessage(400, LogLevel.Warning, "EventStoreDB is away, and asked once a second until it answers: {What}")]
    public static partial void StoreAway(this ILogger logger, string what);

    [LoggerMessage(401, LogLevel.Information, "EventStoreDB answers again")]
    public static partial void StoreBack(this ILogger logger);

    [LoggerMessage(402, LogLevel.Debug, "A subscription is made anew: {What}")]
    public static partial void Resubscribing(this ILogger logger, string what);

    [LoggerMessage(403, LogLevel.Critical, "{What}")]
    public static partial void AnotherLog(this ILogger logger, string what);

    [LoggerMessage(404, LogLevel.Warning, "EventStoreDB did not answer on the connection there was; another one takes its place")]
    public static partial void ClientReplaced(this ILogger logger);

    [LoggerMessage(405, LogLevel.Warning, "{What}")]
    public static partial void RightDenied(this ILogger logger, string what);

    [LoggerMessage(407, LogLevel.Error, "Whether EventStoreDB still lets its user read all could not be looked at; it is looked at again all the time")]
    public static partial void CheckFailed(this ILogger logger, Exception exception);

    [LoggerMessage(406, LogLevel.Information, "Stream {Stream}: a subscription left out events from revision {Revision} on; they were read")]
    public static partial void MissedRead(this ILogger logger, string stream, long revision);
}
