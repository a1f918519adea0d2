using System.Globalization;
using System.Text.RegularExpressions;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Times as addresses have them.</summary>
internal static partial class Rfc3339
{
    /// <summary>A time in a query; null: none was given.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static DateTimeOffset? Asked(string field, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : TryParse(text) is { } time ? time
        : throw new RefusedException(Refusals.Invalid(field, $"{field} is a time, as 2026-11-21T12:00:00Z."));

    /// <summary>Null: it is none.</summary>
    public static DateTimeOffset? TryParse(string text)
    {
        if (Form.Match(text) is not { Success: true } match) return null;

        // A + that was not escaped in the address arrives as a space. A time has seven digits here; more say nothing
        // that is kept.
        var fraction = match.Groups["fraction"].Value;
        var zone = match.Groups["zone"].Value.Replace(' ', '+').ToUpperInvariant();
        var whole = $"{match.Groups["time"].Value.ToUpperInvariant()}{fraction[..Math.Min(fraction.Length, 8)]}{(zone == "Z" ? "+00:00" : zone)}";
        return DateTimeOffset.TryParseExact(
            whole, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
    }

    [GeneratedRegex(
        @"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]+)?(?<zone>[Zz]|[+\- ][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
