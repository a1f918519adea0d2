namespace EventSourcedStreams.Domain;

/// <remarks>How far the handlers of endings have come. An event stream a handler; its appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>The handler's last checkpoint, from the leader; null where there is none.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    internal async Task<RecordedCheckpoint?> ReadHandledAsync(string handler, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.EndingsHandled>(prefix.Ended(handler), "a handler's checkpoint", ct) is var (last, handled)
            ? new RecordedCheckpoint(Revision.From(last.Revision), last.Position, last.Id, handled)
            : null;

    /// <summary>One writer at a time: one that lost means that another process hands endings to the handler.</summary>
    internal async Task<AppendOutcome> AppendHandledAsync(
        ServiceEvent.EndingsHandled handled, Revision expected, AppendId id, CancellationToken ct)
    {
        var stream = prefix.Ended(handled.Handler);
        var outcome = await AttemptServiceAsync(
            token => AppendServiceAsync(stream, ExpectedRevision.Exactly(expected), handled, ByNode(handled.Holder), id, token), ct);
        return await ExplainAsync<ServiceEvent.EndingsHandled>(outcome, stream, "a handler's checkpoint", expected, id, ct);
    }

    /// <summary>Only the last checkpoint is kept.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    internal Task LimitHandledAsync(string handler, CancellationToken ct) =>
        store.SetLimitsAsync(prefix.Ended(handler), new StreamLimits(MaxCount: 1, MaxAge: null), ct);
}
