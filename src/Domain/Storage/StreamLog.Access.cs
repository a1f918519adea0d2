namespace EventSourcedStreams.Domain;

/// <remarks>The record of access: one event stream, appended to by any node at any revision.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>One batch, in order; tried once.</summary>
    /// <param name="node">The process that let or refused the callers.</param>
    public Task<AppendOutcome> AppendAccessAsync(
        IReadOnlyList<ServiceEvent.AccessRecorded> records, NodeRun node, AppendId id, CancellationToken ct)
    {
        var events = records.Select((record, i) => ServiceCodec.Encode(record, id.EventAt(i), new EventContext(node, Epoch: 0, record.Who)));
        return TimeLimit.WithinAsync(
            AttemptLimit, time, token => SendAsync(prefix.Access, ExpectedRevision.Any, [.. events], token), NoAnswer, ct);
    }

    /// <summary>What is older is forgotten.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public Task LimitAccessAsync(TimeSpan kept, CancellationToken ct) =>
        store.SetLimitsAsync(prefix.Access, new StreamLimits(MaxCount: null, MaxAge: kept), ct);
}
