namespace EventSourcedStreams.Domain;

/// <summary>Opens streams for writing, in the name of this node.</summary>
public sealed class StreamTails(
    StreamLog log, Func<AppendId> nextAppendId, TimeProvider time, NodeRun node)
{
    public NodeRun Node => node;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The stream's end as the leader has it.</summary>
    /// <exception cref="StreamGoneException">It has a tombstone.</exception>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<StreamTail> OpenAsync(StreamId stream, CancellationToken ct) => At(stream, await log.ReadLastAsync(stream, ct));

    /// <param name="last">The stream's last event as just read; null: it is not there.</param>
    public StreamTail At(StreamId stream, RecordedEvent? last) => new(stream, last, log, nextAppendId);

    public EventContext ContextFor(Caller caller) => new(node, 0, caller.Actor, caller.CorrelationId);
}
