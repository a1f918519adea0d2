using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A revision names what a stream is for ever, so it makes a strong tag.</summary>
internal static class EntityTags
{
    /// <summary>Another program's event adds nothing to the text, and something to the answer.</summary>
    /// <param name="of">What else than usual the answer has; null: nothing.</param>
    public static EntityTagHeaderValue Of(StreamSummary stream, bool withText = true, string? of = null)
    {
        var foreign = stream.Foreign is { } other ? $"-foreign-{other.Revision}" : "";
        return new($"\"{stream.Revision}{foreign}{(withText ? "" : "-notext")}{(of is null ? "" : $"-{of}")}\"");
    }

    /// <summary>Sets the tag; true: the client has this already.</summary>
    public static bool Matches(HttpContext http, EntityTagHeaderValue tag)
    {
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        foreach (var known in http.Request.GetTypedHeaders().IfNoneMatch)
            if (known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)) return true;
        return false;
    }

    /// <summary>False: <c>If-Match</c> names another state than this.</summary>
    public static bool Holds(HttpRequest request, EntityTagHeaderValue tag)
    {
        if (request.Headers.IfMatch.Count == 0) return true;
        foreach (var known in request.GetTypedHeaders().IfMatch)
            if (known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: true)) return true;
        return false;
    }
}
