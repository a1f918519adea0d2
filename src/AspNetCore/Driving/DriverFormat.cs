using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a driver wants to be sent.</summary>
internal enum DriverFormat
{
    /// <summary>It did not say: the text, or of an upload how it ended.</summary>
    Unspecified,
    Text,
    Events,
}

internal static class DriverFormats
{
    /// <summary>The best of what <c>Accept</c> names and this endpoint has. A type that it does not have counts for
    /// nothing, rather than as a refusal.</summary>
    public static DriverFormat Of(HttpRequest request)
    {
        var best = (Format: DriverFormat.Unspecified, Quality: 0.0);
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            var quality = range.Quality ?? 1;
            if (FormatOf(range) is { } format && quality > best.Quality) best = (format, quality);
        }

        return best.Format;
    }

    private static DriverFormat? FormatOf(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)) return DriverFormat.Events;
        if (range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return DriverFormat.Text;
        return range.MatchesAllTypes ? DriverFormat.Unspecified : null;
    }
}
