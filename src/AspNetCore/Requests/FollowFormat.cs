using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

internal static class FollowFormat
{
    /// <summary>Whether a follower wants a JSON document rather than events as they come: where <c>Accept</c> names
    /// JSON, and events less.</summary>
    public static bool IsPage(HttpRequest request)
    {
        var (json, events) = (0.0, 0.0);
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            var quality = range.Quality ?? 1;
            if (Is(range, "application/json")) json = Math.Max(json, quality);
            else if (Is(range, Sse.ContentType)) events = Math.Max(events, quality);
        }

        return json > events;
    }

    private static bool Is(MediaTypeHeaderValue range, string type) => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
