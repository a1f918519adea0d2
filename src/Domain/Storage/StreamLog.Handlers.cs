namespace EventSourcedStreams.Domain;

/// <remarks>How far the handlers of endings have come. An event stream a handler; its appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    private const string ACheckpoint = "a handler's checkpoint";

    /// <summary>The handler's last checkpoint, from the leader; null where there is none.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    internal async Task<RecordedCheckpoint?> ReadHandledAsync(string handler, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.EndingsHandled>(prefix.Ended(handler), ACheckpoint, ct) is var (last, handled)
            ? new RecordedCheckpoint(Revision.From(last.Revision), last.Position, last.Id, handled)
            : null;

    /// <summary>One writer at a time: one that lost means that another process hands endings to the handler.</summary>
    internal Task<AppendOutcome> AppendHandledAsync(
        ServiceEvent.EndingsHandled handled, Revision expected, AppendId id, CancellationToken ct) =>
        AppendNextAsync(prefix.Ended(handled.Handler), handled, ACheckpoint, ByNode(handled.Holder), expected, id, isHeartbeat: false, ct);

    /// <summary>Only the last checkpoint is kept.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    internal Task LimitHandledAsync(string handler, CancellationToken ct) =>
        store.SetLimitsAsync(prefix.Ended(handler), new StreamLimits(MaxCount: 1, MaxAge: null), ct);
}
