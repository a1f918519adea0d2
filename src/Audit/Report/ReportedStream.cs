using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Report;

/// <summary>What of a stream is beyond doubt: what stands before the first thing that was found. Facts, picture and
/// text are all of this, so that none contradicts the other.</summary>
/// <param name="Body">Null where not even the beginning is sound.</param>
/// <param name="Recorded">The events of it.</param>
/// <param name="IsWhole">Nothing was found.</param>
internal sealed record ReportedStream(StreamBody? Body, IReadOnlyList<RecordedEvent> Recorded, bool IsWhole)
{
    public static ReportedStream Of(StreamHistory history)
    {
        var faults = history.Damage.Select(damage => damage.Revision).Concat(history.Findings.Select(finding => finding.Revision)).OfType<long>();
        var first = faults.DefaultIfEmpty(long.MaxValue).Min();
        var end = history.Body?.Revision.Value ?? -1;
        var recorded = history.Recorded.Where(e => e.Revision.Value < first && e.Revision.Value <= end).ToList();
        StreamBody? body = null;
        foreach (var e in recorded) body = StreamBody.Apply(body, e);
        return new ReportedStream(body, recorded, history is { Damage: [], Findings: [] });
    }
}
