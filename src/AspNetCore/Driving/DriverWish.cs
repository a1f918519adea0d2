using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a driver wants to be sent.</summary>
internal enum DriverWish
{
    /// <summary>It did not say: the text, or of an upload how it ended.</summary>
    Unsaid,
    Text,
    Events,
}

internal static class DriverWishes
{
    /// <summary>The best of what <c>Accept</c> names and we have. A type that we do not have counts for nothing, rather than as a refusal.</summary>
    public static DriverWish Of(HttpRequest request)
    {
        var best = (Wish: DriverWish.Unsaid, Quality: 0.0);
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            var quality = range.Quality ?? 1;
            if (WishOf(range) is { } wish && quality > best.Quality) best = (wish, quality);
        }

        return best.Wish;
    }

    private static DriverWish? WishOf(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)) return DriverWish.Events;
        if (range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return DriverWish.Text;
        return range.MatchesAllTypes ? DriverWish.Unsaid : null;
    }
}
