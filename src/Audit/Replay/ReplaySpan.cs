using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Replay;

/// <summary>Which part of a stream is replayed, of one that is sound; null for from its beginning, or to its end. Both
/// ends are included.</summary>
internal sealed record ReplaySpan(PointInLife? From, PointInLife? To)
{
    public static ReplaySpan Parse(string? from, string? to) => new(
        from is null ? null : PointInLife.Parse(from, "--from"),
        to is null ? null : PointInLife.Parse(to, "--to"));

    /// <exception cref="AuditException">Nothing lies there.</exception>
    public IReadOnlyList<HistoryEvent> Of(IReadOnlyList<HistoryEvent> events)
    {
        var found = events.SkipWhile(e => IsBefore(e.Recorded!)).TakeWhile(e => To?.IsAtOrAfter(e.Recorded!) ?? true).ToList();
        return found.Count > 0
            ? found
            : throw new AuditException(
                $"Nothing lies between --from and --to: the stream goes from revision 0, {Moment(events[0])}, "
                + $"to revision {events[^1].Stored.Revision}, {Moment(events[^1])}.");
    }

    /// <summary>The moment at which the replay begins: the time that was asked for, else the first event; the wait for
    /// a driver is left out.</summary>
    public DateTimeOffset OriginOf(IReadOnlyList<HistoryEvent> events) => From is { Revision: null, Time: var time }
        ? time
        : (From is null ? events.FirstOrDefault(e => e.Recorded!.Event is StreamStarted) ?? events[0] : events[0]).Recorded!.Event.At;

    private static string Moment(HistoryEvent e) => TimeArgument.Show(e.Recorded!.Event.At);

    private bool IsBefore(RecordedEvent recorded) =>
        From is { } from && (from.Revision is { } revision ? recorded.Revision < revision : recorded.Event.At < from.Time);
}
