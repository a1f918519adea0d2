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
}
