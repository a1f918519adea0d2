namespace EventSourcedStreams.Domain;

/// <remarks>What the streams of the server's own have in common: one event an append.</remarks>
internal sealed partial class StreamLog
{
    private static readonly TimeSpan ServicePause = TimeSpan.FromMilliseconds(250);

    /// <summary>An append to a stream of the server's own, tried until it is certain how it ended: while that is not,
    /// only the very same again finds out.</summary>
    /// <param name="append">One attempt, with the same id each time.</param>
    /// <param name="name">Of the handler or the job.</param>
    /// <param name="trouble">What is the matter where it cannot be kept.</param>
    /// <returns>Null: another append was first.</returns>
    internal async Task<AppendOutcome.Appended?> UntilCertainAsync(
        Func<Task<AppendOutcome>> append, string name, string trouble, CancellationToken ct)
    {
        while (true)
        {
            switch (await append())
            {
                case AppendOutcome.Appended appended:
                    return appended;
                case AppendOutcome.Lost:
                    return null;
                case AppendOutcome.Deleted deleted:
                    throw new LogDamagedException(name, null, $"{trouble}: {deleted}.");
            }

            await Task.Delay(ServicePause, time, ct);
        }
    }

    /// <summary>The last event of a stream of the server's own, from the leader; null where there is none.</summary>
    /// <param name="what">That it has to be.</param>
    private async Task<(StoredEvent Last, TEvent Event)?> ReadLastAsync<TEvent>(string stream, string what, CancellationToken ct)
        where TEvent : ServiceEvent
    {
        var read = await ReadAsync(stream, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        if (read is not StoreRead.Page { Events: [var last] }) return null;
        return ServiceCodec.Decode(last).Event is TEvent @event
            ? (last, @event)
            : throw new LogDamagedException(last.Stream, last.Revision, $"It is not {what}.");
    }

    /// <summary>What a node says of itself, without being asked.</summary>
    private static EventContext ByNode(NodeRun node) => new(node, Epoch: 0, EventContext.Anonymous);

    private Task<AppendOutcome> AppendServiceAsync(
        string stream, ExpectedRevision expected, ServiceEvent @event, EventContext context, AppendId id, CancellationToken ct) =>
        SendAsync(stream, expected, [ServiceCodec.Encode(@event, id.EventAt(0), context)], ct);

    /// <summary>The next event of a stream of one writer at a time, tried once.</summary>
    /// <param name="what">What each of its events has to be.</param>
    /// <param name="isHeartbeat">Else it waits for this process's heartbeat.</param>
    private async Task<AppendOutcome> AppendNextAsync<TEvent>(
        string stream, TEvent next, string what, EventContext context, Revision expected, AppendId id, bool isHeartbeat, CancellationToken ct)
        where TEvent : ServiceEvent
    {
        var outcome = isHeartbeat ? await AppendAsync(ct) : await AttemptServiceAsync(AppendAsync, ct);
        return await ExplainAsync<TEvent>(outcome, stream, what, expected, id, ct);

        Task<AppendOutcome> AppendAsync(CancellationToken token) =>
            AppendServiceAsync(stream, ExpectedRevision.Exactly(expected), next, context, id, token);
    }

    /// <summary>That an append has lost is only said where another event than its own has been read.</summary>
    private async Task<AppendOutcome> ExplainAsync<TEvent>(
        AppendOutcome outcome, string stream, string what, Revision expected, AppendId id, CancellationToken ct)
        where TEvent : ServiceEvent
    {
        if (outcome is not AppendOutcome.Lost) return outcome;
        var last = (await ReadLastAsync<TEvent>(stream, what, ct))?.Last;
        if (last?.Id == id.EventAt(0)) return new AppendOutcome.Appended(last.Revision, last.Position);
        return last is null || last.Revision <= expected.Value ? new AppendOutcome.Unknown("The event log lags behind.", null) : outcome;
    }

    /// <summary>Behind this process's heartbeat, and as good as unknown after a while.</summary>
    private async Task<AppendOutcome> AttemptServiceAsync(Func<CancellationToken, Task<AppendOutcome>> append, CancellationToken ct)
    {
        var outcome = await TimeLimit.WithinAsync(AttemptLimit, time, BehindHeartbeatAsync, NoAnswer, ct);
        if (outcome is AppendOutcome.Unknown) Heartbeat.Doubt();
        return outcome;

        async Task<AppendOutcome> BehindHeartbeatAsync(CancellationToken token)
        {
            await Heartbeat.PassAsync(token);
            return await append(token);
        }
    }

    /// <summary>Of an attempt that has had its time.</summary>
    internal static AppendOutcome NoAnswer() => new AppendOutcome.Unknown("The event log does not answer.", null);
}
