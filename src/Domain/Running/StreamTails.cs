namespace EventSourcedStreams.Domain;

/// <summary>Opens streams for writing, in the name of this node.</summary>
/// <param name="telemetry">Null: appends are not told.</param>
internal sealed class StreamTails(
    StreamLog log, Func<AppendId> nextAppendId, TimeProvider time, NodeRun node, StreamTelemetry? telemetry = null)
{
    public NodeRun Node => node;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The stream's end as the leader has it.</summary>
    /// <exception cref="StreamGoneException">It has a tombstone.</exception>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<StreamTail> OpenAsync(StreamId stream, CancellationToken ct) => At(stream, await log.ReadEndAsync(stream, ct));

    /// <summary>The stream's first event as the leader has it; null where there is none.</summary>
    public Task<RecordedEvent?> FirstAsync(StreamId stream, CancellationToken ct) =>
        log.ReadOneAsync(stream, Revision.From(0), ReadFrom.Leader, ct);

    /// <param name="end">The stream's end as just read; null: it is not there.</param>
    /// <param name="draw">Draws the ids of its appends; null: as all others.</param>
    public StreamTail At(StreamId stream, LastEvents? end, Func<AppendId>? draw = null) =>
        new(stream, end, log, draw ?? nextAppendId, telemetry: telemetry);

    public EventContext ContextFor(Caller caller) => new(node, 0, caller.Actor, caller.CorrelationId);
}
