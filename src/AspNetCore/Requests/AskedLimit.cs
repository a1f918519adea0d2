using System.Globalization;

namespace EventSourcedStreams.AspNetCore;

/// <summary><c>?limit=</c>: how many items a page has at most.</summary>
internal static class AskedLimit
{
    /// <param name="otherwise">Where it is not given.</param>
    /// <exception cref="RefusedException">It is no number, or none from 1 to <paramref name="most"/>.</exception>
    public static int Parse(string? limit, int most, int otherwise) =>
        string.IsNullOrEmpty(limit) ? otherwise
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new RefusedException(Refusals.Invalid("limit", $"limit is a whole number, 1 to {most}."));
}
