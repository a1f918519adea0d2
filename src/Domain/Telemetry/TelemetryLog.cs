using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>What operators read of streams: ids, numbers and codes, never text, input, an actor or an exception's own
/// words.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(120, LogLevel.Information,
        "Stream {Stream} ended as {Status} ({Cause}): {Bytes} bytes in {Chunks} chunks, {Tokens} tokens in {Seconds:0.000} s, "
        + "the first after {FirstTokenSeconds:0.000} s, from {Source}, model {Model}")]
    public static partial void StreamEnded(
        this ILogger logger, StreamId stream, StreamStatus status, string cause, long bytes, int chunks, long tokens, double seconds,
        double? firstTokenSeconds, string source, string model);

    [LoggerMessage(121, LogLevel.Information, "Stream {Stream} ended as {Status} ({Cause}), with no driver here: {Bytes} bytes in {Chunks} chunks, from {Source}")]
    public static partial void StreamEndedUndriven(
        this ILogger logger, StreamId stream, StreamStatus status, string cause, long bytes, int chunks, string source);

    [LoggerMessage(122, LogLevel.Information, "Stream {Stream} was deleted")]
    public static partial void StreamDeleted(this ILogger logger, StreamId stream);
}
