namespace EventSourcedStreams.Domain;

/// <summary>The log's name, given once by the process that opens it first and kept for ever.</summary>
internal static class LogIdentity
{
    /// <summary>How long a winner may take to become readable.</summary>
    private static readonly TimeSpan WinnerLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="proposal">The name and the id of the event that gives it, where there is none yet.</param>
    /// <exception cref="LogUnavailableException">Whether the log has a name is not known.</exception>
    public static async Task<string> ReadOrNameAsync(
        IEventStore store,
        StreamPrefix prefix,
        ServiceEvent.LogNamed proposal,
        AppendId id,
        EventContext context,
        TimeProvider time,
        CancellationToken ct)
    {
        if (await ReadOrExplainAsync(store, prefix, ct) is { } known) return known;

        var named = ServiceCodec.Encode(proposal, id.EventAt(0), context);
        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, ct))
        {
            switch (await store.AppendAsync(prefix.Log, ExpectedRevision.NoStream, [named], ct))
            {
                case AppendOutcome.Appended:
                    return proposal.LogId;
                case AppendOutcome.Unknown unknown:
                    throw new LogUnavailableException($"The log could not be given its identity: {unknown.Why}", unknown.Cause);
            }

            // EventStoreDB tells of a conflict with an event before that event can be read, and it may yet be lost.
            if (await ReadAsync(store, prefix, ct) is { } winner) return winner;
            if (time.GetElapsedTime(began) >= WinnerLimit)
                throw new LogUnavailableException("Another process is just giving the log its identity.");
        }
    }

    private static async Task<string?> ReadOrExplainAsync(IEventStoreReader store, StreamPrefix prefix, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(store, prefix, ct);
        }
        catch (LogDamagedException e)
        {
            throw new LogDamagedException(
                e.Stream,
                e.Revision,
                $"{e.What} It is the log's identity, without which it is not served. Restore a backup; or `streams-audit export --all --running` it and "
                + "`streams-audit import` that into an empty log. `streams-audit verify` says what else is damaged.",
                e);
        }
    }

    /// <returns>Null where it has no name yet.</returns>
    public static async Task<string?> ReadAsync(IEventStoreReader store, StreamPrefix prefix, CancellationToken ct) =>
        await store.ReadAsync(prefix.Log, from: 0, forward: true, maxCount: 1, ReadFrom.Leader, ct) switch
        {
            StoreRead.Page { Events: [var first] } => ServiceCodec.Decode(first).Event is ServiceEvent.LogNamed named
                ? named.LogId
                : throw new LogDamagedException(prefix.Log, first.Revision, "It should hold the log's identity, and does not."),
            StoreRead.Tombstoned => throw new LogDamagedException(prefix.Log, null, "The log's identity was deleted."),
            _ => null,
        };
}
