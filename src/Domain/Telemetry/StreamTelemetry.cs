using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>What one engine tells of its work: metrics, spans, and a line in the log for each stream that
/// ends.</summary>
internal sealed class StreamTelemetry(StreamMetrics metrics, ILogger logger, TimeProvider time)
{
    /// <summary>The label by which usage is told apart.</summary>
    public const string TenantLabel = "tenant";

    public StreamMetrics Metrics => metrics;

    public ILogger Logger => logger;

    /// <summary>Monotonic.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Follows and drives of the same stream on this node.</summary>
    public FollowerLinks Links { get; } = new();

    /// <summary>How far the catalog is behind what this node has appended.</summary>
    public CheckpointLag CatalogLag { get; } = new(time);

    /// <summary>A stream that is to be driven here.</summary>
    /// <param name="askedAt">When the driver asked for it.</param>
    public DriveTelemetry Drive(StreamEvent.StreamCreated created, string? provider, string? model, TimeSpan askedAt) =>
        new(this, created, provider, model, askedAt);

    /// <summary>One append of a text's stream.</summary>
    public AppendTelemetry Append(Append append) => new(this, append);

    /// <summary>A stream got its ending from this node, without a driver here.</summary>
    /// <param name="source">Null: not known here.</param>
    public void EndedUndriven(StreamId stream, StreamEvent.Ending ending, string? source)
    {
        CountEnding(ending, source);
        logger.StreamEndedUndriven(stream, ending.Status, CauseOf(ending), ending.Length, ending.Chunks, BoundedNames.Clean(source));
    }

    public void Deleted(StreamId stream)
    {
        metrics.Deletions.Add(1);
        logger.StreamDeleted(stream);
    }

    public void CountEnding(StreamEvent.Ending ending, string? source) => metrics.Endings.Add(
        1,
        new("source", metrics.Labels.Sources.Admit(source)),
        new("status", ending.Status.Name()),
        new("cause", metrics.Labels.Codes.Admit(CauseOf(ending))));

    /// <summary>Why a stream ended, in a word: a failure's code, a finish reason is none.</summary>
    public static string CauseOf(StreamEvent.Ending ending) => ending switch
    {
        StreamEvent.StreamFailed failed => failed.Code,
        StreamEvent.StreamTimedOut { MaxDuration: not null } => "max-duration",
        StreamEvent.StreamTimedOut => "idle",
        StreamEvent.StreamCancelled { Reason: StreamEvent.StreamCancelled.ForDeletion } => "deleted",
        StreamEvent.StreamCancelled => "cancelled",
        _ => "completed",
    };
}
