using Microsoft.AspNetCore.StaticFiles;

namespace EventSourcedStreams.Web;

internal static class DemoPage
{
    /// <summary>All that the page needs comes from here, and nothing in it runs that is not a file of ours.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The page at <c>/</c> and its files. What an endpoint serves goes before a file of the same
    /// name.</summary>
    public static void UseDemoPage(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Protect });
    }

    private static void Protect(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";                                       // asked again by ETag: modules of two versions do not mix
    }
}
