namespace EventSourcedStreams.Domain;

/// <summary>
/// Streams without their texts, from a few events each: the first ones, and the last ones up to the point that is asked
/// for. The end is read from the leader, so an answer holds every append that was acknowledged before it.
/// </summary>
/// <param name="memory">The node's budget, within which streams that have ended are kept.</param>
internal sealed class StreamSummaries(StreamLog log, TextMemory? memory = null)
{
    /// <summary>What a kept stream takes, about: its names, labels and times.</summary>
    private const int KeptBytes = 1024;

    /// <summary>A stream's creation and its start, as a rule; and its last text with its ending.</summary>
    private const int FewEvents = 2;

    /// <summary>Where notes stand between them.</summary>
    private const int MoreEvents = 32;

    private readonly TextCache<StreamId, StreamPoint>? ended = memory is null ? null : new(memory, log.Time);

    /// <summary>Null for a stream that never was. Of one into which another program has written, all before
    /// that.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public Task<StreamPoint?> FindAsync(StreamId id, CancellationToken ct) =>
        OrFoldedAsync(FindAsync(id, at: null, ct), () => FoldAsync(id, _ => true, _ => true, tellsForeign: true, ct));

    /// <summary>The same for one that also wants the text, which is asked for again: of a stream that has ended, its
    /// last event alone is read when it is.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public Task<StreamPoint?> FindWithTextAsync(StreamId id, CancellationToken ct) =>
        OrFoldedAsync(FindKeptAsync(id, ct), () => FoldAsync(id, _ => true, _ => true, tellsForeign: true, ct));

    /// <summary>The stream as it was at a revision; null for a stream that never was, or has not come so far.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public Task<StreamPoint?> FindAsync(StreamId id, Revision at, CancellationToken ct) => OrFoldedAsync(
        FindAsync(id, (Revision?)at, ct),
        () => FoldAsync(id, recorded => recorded.Revision <= at, point => point.Head.Revision == at, tellsForeign: false, ct));

    /// <summary>The stream as it was at a time: up to an event that was written at or before it, while the next was
    /// not. Where the writers' clocks never went back, there is one.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public Task<StreamPoint?> FindAsync(StreamId id, DateTimeOffset at, CancellationToken ct) => OrFoldedAsync(
        SearchAsync(id, at, ct),
        () => FoldAsync(id, recorded => recorded.Event.At <= at, _ => true, tellsForeign: false, ct));

    /// <summary>What a few events do not tell, because one of them is another program's, reading from the beginning
    /// does.</summary>
    private static async Task<StreamPoint?> OrFoldedAsync(Task<StreamPoint?> fromFew, Func<Task<StreamPoint?>> foldAsync)
    {
        try
        {
            return await fromFew;
        }
        catch (LogDamagedException e) when (e.ForeignType is not null)
        {
            return await foldAsync();
        }
    }

    private async Task<StreamPoint?> SearchAsync(StreamId id, DateTimeOffset at, CancellationToken ct)
    {
        if (await LastAsync(id, ct) is not { } last) return null;
        if (last.Event.At <= at) return await FindAsync(id, last.Revision, ct);
        var before = await EventPositions.LastAsync(
            Revision.None, last.Revision, async revision => (await log.ReadAtAsync(id, revision, ct)).Event.At <= at);
        return before == Revision.None ? null : await FindAsync(id, before, ct);
    }

    /// <summary>The last event's hash says whether a stream is still as it was.</summary>
    private async Task<StreamPoint?> FindKeptAsync(StreamId id, CancellationToken ct)
    {
        if (ended?.TryGet(id, out var kept) == true && (await LastAsync(id, ct))?.Head == kept.Head) return kept;
        var found = await FindAsync(id, at: null, ct);
        if (found is { Summary: { EndedAt: not null, IsForDeletion: false } summary })
            ended?.Set(id, found, KeptBytes + (sizeof(char) * (long)(summary.Usage?.Length ?? 0)));
        return found;
    }

    private async Task<StreamPoint?> FindAsync(StreamId id, Revision? at, CancellationToken ct)
    {
        if (at is not null && await LastAsync(id, ct) is { Event: StreamEvent.StreamDeleted }) throw new StreamGoneException(id);
        if (await BackToContentAsync(id, at, ct) is not [var first, ..] tail) return null;
        if (tail[^1].Event is StreamEvent.StreamDeleted) throw new StreamGoneException(id);
        var beginning = await BeginningAsync(id, first.Revision, ct);
        StreamSummary? summary = null;
        foreach (var recorded in beginning.Concat(tail)) summary = StreamSummary.Apply(summary, recorded);
        return new StreamPoint(summary!, tail[^1].Head) { Decisive = tail.FindLast(recorded => recorded.Event is not StreamNote)!.Head };
    }

    /// <summary>Read from its beginning, for a stream whose last event is another program's.</summary>
    private Task<StreamPoint?> FoldAsync(
        StreamId id, Func<RecordedEvent, bool> belongs, Func<StreamPoint, bool> isIt, bool tellsForeign, CancellationToken ct) =>
        log.FoldAsync(
            id,
            static (point, recorded) => new StreamPoint(StreamSummary.Apply(point?.Summary, recorded), recorded.Head)
            {
                Decisive = recorded.Event is StreamNote && point is not null ? point.Decisive : recorded.Head,
            },
            belongs,
            isIt,
            (point, foreign) => tellsForeign ? point with { Summary = point.Summary with { Foreign = foreign } } : point,
            ct);

    /// <summary>From the last event that begins a stream or is text, up to the point that is asked for, in
    /// order.</summary>
    private async Task<List<RecordedEvent>> BackToContentAsync(StreamId id, Revision? at, CancellationToken ct)
    {
        var back = new List<RecordedEvent>();
        for (var (from, count) = (at, FewEvents); ; (from, count) = (Revision.From(back[^1].Revision.Value - 1), MoreEvents))
        {
            var page = await log.ReadBackAsync(id, from, count, ct);
            if (page.Count == 0 && back.Count > 0) throw Missing(id, from!.Value);
            foreach (var recorded in page)
            {
                back.Add(recorded);
                if (recorded.Event is StreamEvent.StreamDeleted or StreamEvent.Ending or StreamNote && recorded.Revision.Value > 0) continue;
                back.Reverse();
                return back;
            }

            if (page.Count == 0) return back;
        }
    }

    /// <summary>A stream's creation and its start, as far as they stand before a revision.</summary>
    private async Task<List<RecordedEvent>> BeginningAsync(StreamId id, Revision before, CancellationToken ct) =>
        await ReadBeginningAsync(id, before, ReadFrom.Anywhere, ct) ?? await ReadBeginningAsync(id, before, ReadFrom.Leader, ct)
            ?? throw Missing(id, Revision.From(0));

    /// <returns>Null: what is near has not heard of it yet.</returns>
    private async Task<List<RecordedEvent>?> ReadBeginningAsync(StreamId id, Revision before, ReadFrom from, CancellationToken ct)
    {
        var beginning = new List<RecordedEvent>();
        if (before.Value <= 0) return beginning;
        await foreach (var recorded in log.ReadAsync(id, StreamHead.None, FewEvents, from, ct))
        {
            if (recorded.Revision >= before) return beginning;
            beginning.Add(recorded);
            if (recorded.Event is StreamEvent.StreamStarted || recorded.Revision.Value == before.Value - 1) return beginning;
        }

        return null;
    }

    private async Task<RecordedEvent?> LastAsync(StreamId id, CancellationToken ct) =>
        await log.ReadBackAsync(id, null, 1, ct) is [var last] ? last : null;

    private static LogDamagedException Missing(StreamId id, Revision revision) => new(id.Value, revision.Value, "The event is missing.");
}
