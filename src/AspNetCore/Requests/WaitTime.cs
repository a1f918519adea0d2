using System.Globalization;

namespace EventSourcedStreams.AspNetCore;

/// <summary><c>?wait=</c>: how long an answer may wait for something to say.</summary>
internal static class WaitTime
{
    public const int MaxSeconds = 60;

    /// <returns>Null: it was not given.</returns>
    public static TimeSpan? Parse(string? wait) =>
        string.IsNullOrEmpty(wait) ? null
        : int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds ? TimeSpan.FromSeconds(seconds)
        : throw new RefusedException(Refusals.Invalid("wait", $"wait is a whole number of seconds, 0 to {MaxSeconds}."));
}
