namespace EventSourcedStreams.Domain;

/// <remarks>What an append has missed that lost.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>Missed events in the one read that most losses need: another writer's few.</summary>
    private const int MissedEvents = 32;

    /// <returns>Appended: what stands there is the append itself. Null: nothing stands there yet, so nothing has
    /// won.</returns>
    private async Task<AppendOutcome?> ExplainAsync(Append append, AppendOutcome.Lost lost, CancellationToken ct)
    {
        using var reading = StreamReading.From(prefix, append.Stream, append.Expected);
        var missed = new List<RecordedEvent>();
        var most = MissedEvents;
        await foreach (var recorded in MissedAsync(reading, lost, append.Stream, ct))
        {
            if (missed.Count == 0 && recorded.Id == append.Id.EventAt(0)) most = append.Events.Count;
            missed.Add(recorded);
            if (missed.Count == most) break;
        }

        if (missed.Count == 0) return null;
        if (missed[0].Id == append.Id.EventAt(0)) return Found(append, missed);

        var last = missed[^1];
        if (missed.Count == most) last = await ReadLastAsync(append.Stream, ct) ?? last;
        var ending = missed.Find(recorded => recorded.Event.IsEnding) ?? await EndingAsync(missed[^1], last, ct);
        return lost with { Missed = new Missed(missed, last, ending) };
    }

    private static AppendOutcome.Appended Found(Append append, List<RecordedEvent> there) => there.Count == append.Events.Count
        ? new AppendOutcome.Appended(there[^1].Revision.Value, there[^1].Position) { Hash = there[^1].Hash }
        : throw new LogDamagedException(
            append.Stream.Value, there[^1].Revision.Value, "only a part of an atomic append is there.");

    private IAsyncEnumerable<RecordedEvent> MissedAsync(
        StreamReading reading, AppendOutcome.Lost lost, StreamId stream, CancellationToken ct) =>
        lost.Next is { } only && only.Revision == lost.Actual && only.Revision == reading.Next && reading.Read(only) is { } recorded
            ? AsyncEnumerable.Repeat(recorded, 1)
            : ReadAsync(reading, stream, MissedEvents, ReadFrom.Leader, ct);

    /// <summary>The first ending between two events, the second included. Only notes and a deletion follow an
    /// ending.</summary>
    private async Task<RecordedEvent?> EndingAsync(RecordedEvent after, RecordedEvent last, CancellationToken ct)
    {
        if (last.Event.IsEnding) return last;
        if (last.Event is not (StreamEvent.StreamDeleted or StreamNote) || after.Revision == last.Revision) return null;
        await foreach (var recorded in ReadAsync(after.Stream, after.Revision, ReadFrom.Leader, ct))
        {
            if (recorded.Event.IsEnding) return recorded;
        }

        return null;
    }
}
