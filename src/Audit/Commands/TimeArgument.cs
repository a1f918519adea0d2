using System.Globalization;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>A time on the command line: a day (its first moment, UTC), or RFC 3339 with its zone.</summary>
public static class TimeArgument
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>What <see cref="Show"/> writes can be given back. A time without a zone is refused: it would mean
    /// another moment on another machine.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        var hasZone = !text.Contains('T', StringComparison.Ordinal)
            || text.EndsWith('Z') || text.AsSpan(text.IndexOf('T', StringComparison.Ordinal)).IndexOfAny('+', '-') > 0;
        return hasZone && DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    /// <exception cref="AuditException">It is none.</exception>
    public static DateTimeOffset Parse(string text, string option) =>
        TryParse(text, out var time)
            ? time
            : throw new AuditException($"{option} is a day or a time with its zone, as 2026-11-21 or 2026-11-21T12:00:00Z; '{text}' is not.");

    /// <summary>UTC, to the millisecond, as RFC 3339.</summary>
    public static string Show(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
