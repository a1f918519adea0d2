using System.Globalization;
using System.Text.RegularExpressions;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A revision or a time, as <c>?at=</c> gives it.</summary>
internal readonly partial record struct PointInLife(Revision? Revision, DateTimeOffset Time)
{
    public static PointInLife Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision < long.MaxValue)
            return new(EventSourcedStreams.Revision.From(revision), default);

        if (Rfc3339.Match(text) is { Success: true } match)
        {
            // A + that was not escaped in the address arrives as a space. A time has seven digits here; more say nothing that we keep.
            var fraction = match.Groups["fraction"].Value;
            var zone = match.Groups["zone"].Value.Replace(' ', '+').ToUpperInvariant();
            var whole = $"{match.Groups["time"].Value.ToUpperInvariant()}{fraction[..Math.Min(fraction.Length, 8)]}{(zone == "Z" ? "+00:00" : zone)}";
            if (DateTimeOffset.TryParseExact(
                whole, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
                return new(null, time);
        }

        throw new RefusedException(Refusals.Invalid("at", "at is a revision (a whole number from 0) or a time (as 2026-11-21T12:00:00Z)."));
    }

    public Task<StreamBody?> FindAsync(StreamBodies bodies, StreamId id, CancellationToken ct) =>
        Revision is { } revision ? bodies.FindAsync(id, revision, ct) : bodies.FindAsync(id, Time, ct);

    [GeneratedRegex(
        @"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]+)?(?<zone>[Zz]|[+\- ][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339 { get; }
}
