using System.Globalization;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>A revision or a time on the command line, as the API's <c>?at=</c> takes them. A time means up to the last
/// event written at or before it.</summary>
internal readonly record struct PointInLife(Revision? Revision, DateTimeOffset Time)
{
    /// <exception cref="AuditException">It is neither.</exception>
    public static PointInLife Parse(string text, string option) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision < long.MaxValue
            ? new(EventSourcedStreams.Revision.From(revision), default)
            : TimeArgument.TryParse(text, out var time)
                ? new(null, time)
                : throw new AuditException(
                    $"{option} is a revision (0, 1, …), a day, or a time with its zone, as 2026-11-21T12:00:00Z; '{text}' is not.");

    /// <summary>The event had happened by then, it itself included.</summary>
    public bool IsAtOrAfter(RecordedEvent recorded) =>
        Revision is { } revision ? recorded.Revision <= revision : recorded.Event.At <= Time;

    public override string ToString() => Revision is { } revision ? $"revision {revision}" : TimeArgument.Show(Time);
}
