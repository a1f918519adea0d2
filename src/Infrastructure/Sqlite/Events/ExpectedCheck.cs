using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>Whether what is to be done with a stream expects it as it is.</summary>
internal sealed class ExpectedCheck(StreamHeads heads, Repeats repeats)
{
    /// <returns>Null where nothing stands against it; the earlier answer where it has been appended already.</returns>
    public AppendOutcome? Refusal(string stream, KnownHead head, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        if (head.Revision == StoredEvent.TombstoneRevision) return new AppendOutcome.Deleted();
        if (expected.IsLoose)
        {
            if (head.Revision >= 0) return events.Count > 0 ? repeats.AmongLast(head, events) : null;
            return expected == ExpectedRevision.StreamExists && heads.Of(StreamLimitsJson.Prefix + stream).Revision < 0
                ? new AppendOutcome.Lost(-1)
                : null;
        }

        if (expected.Value == head.Revision) return null;
        if (events.Count > 0 && head.Revision >= 0 && repeats.At(head, expected.Value + 1, events) is { } repeat) return repeat;
        if (expected != ExpectedRevision.NoStream || head.Limits?.Before is not { } before) return new AppendOutcome.Lost(head.Revision);

        // Deleted, so that there is no stream; or there was none, and this is the append that began it anew.
        if (head.Limits.IsDeleted) return null;
        return events.Count > 0 && repeats.At(head, before, events) is { } beginning ? beginning : new AppendOutcome.Lost(head.Revision);
    }
}
