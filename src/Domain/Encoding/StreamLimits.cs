namespace EventSourcedStreams.Domain;

/// <param name="MaxCount">Events kept, the newest; at least 1.</param>
/// <param name="MaxAge">By the log's clock.</param>
internal sealed record StreamLimits(int? MaxCount, TimeSpan? MaxAge);
