namespace EventSourcedStreams.Web;

/// <summary>What a browser is told of everything that comes from here.</summary>
internal static class PageHeaders
{
    /// <summary>All that a page needs comes from here, and nothing in it runs that is not a file of ours.</summary>
    public const string Policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Of what is no page: even where a browser takes it for one, nothing in it runs or is loaded.</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Every answer is what its type says, and no page unless it is one of ours: text that was streamed is
    /// never taken for a page.</summary>
    public static void UseNoSniffing(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NoPage;
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>For a page, or a file of one.</summary>
    public static void Protect(HttpResponse response, string policy = Policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache"; // asked again by ETag: modules of two versions do not mix
    }
}
