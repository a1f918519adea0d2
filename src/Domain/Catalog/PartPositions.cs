namespace EventSourcedStreams.Domain;

/// <summary>Where in a stream a part begins, found by reading a few single events.</summary>
internal sealed class PartPositions(StreamLog log)
{
    /// <param name="upTo">The last revision that is looked at; it is there.</param>
    /// <returns>The part's <c>PartStarted</c>; null: it has not begun by then.</returns>
    public async Task<RecordedEvent?> StartAsync(StreamId id, int part, Revision upTo, CancellationToken ct)
    {
        var (low, high) = (0L, upTo.Value + 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (await PartsBeforeAsync(id, Revision.From(middle), ct) < part) low = middle;
            else high = middle;
        }

        var there = await OneAsync(id, Revision.From(low), ct);
        return there.Event is StreamEvent.PartStarted e && e.Part == part ? there : null;
    }

    /// <summary>The event before one: what is read after it begins with that one.</summary>
    public async Task<StreamHead> BeforeAsync(RecordedEvent recorded, CancellationToken ct) =>
        recorded.Revision.Value == 0 ? StreamHead.None : (await OneAsync(recorded.Stream, Revision.From(recorded.Revision.Value - 1), ct)).Head;

    /// <summary>How many parts were started before an event.</summary>
    private async Task<int> PartsBeforeAsync(StreamId id, Revision revision, CancellationToken ct)
    {
        for (var (at, isBehind) = (revision, false); ; (at, isBehind) = (Revision.From(at.Value - 1), true))
        {
            switch ((await OneAsync(id, at, ct)).Event)
            {
                case StreamEvent.ChunkPersisted e: return e.Parts;
                case StreamEvent.PartEvent e: return isBehind ? e.After.Parts : e.Before.Parts;
                case StreamEvent.Ending e: return e.Parts;
                case StreamNote or StreamEvent.StreamStarted or StreamEvent.StreamDeleted when at.Value > 0: continue;
                default: return 0;
            }
        }
    }

    private async Task<RecordedEvent> OneAsync(StreamId id, Revision revision, CancellationToken ct) =>
        await log.ReadBackAsync(id, revision, 1, ct) is [var one]
            ? one
            : throw new LogDamagedException(id.Value, revision.Value, "The event is missing.");
}
