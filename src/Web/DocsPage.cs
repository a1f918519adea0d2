using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileProviders;
using Scalar.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>The API's description to be read and tried, at <c>/docs/</c>: a page of ours around Scalar, which comes from
/// its package and from nowhere else.</summary>
internal static class DocsPage
{
    private const string Address = "/docs";
    private const string Bundle = "scalar.js";

    public static void UseDocsPage(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        app.UseScalarBundleAlone();
        app.MapScalarApiReference(Address).ExcludeFromDescription();
        app.MapMethods(Address, DemoPage.Reading, (HttpContext http) => http.Request.Path.Value!.EndsWith('/')
            ? Answer(http, files.GetFileInfo("docs.html"))
            : Results.Redirect($"{http.Request.PathBase}{Address}/")).ExcludeFromDescription();
    }

    /// <summary>The package brings pages of its own besides, which our policy would not let run.</summary>
    private static void UseScalarBundleAlone(this WebApplication app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments(Address, StringComparison.OrdinalIgnoreCase, out var rest) || rest.Value is "" or "/") return next(http);
        if (rest != $"/{Bundle}") return Results.NotFound().ExecuteAsync(http);
        PageHeaders.Protect(http.Response);
        return next(http);
    });

    /// <summary>Scalar puts its styles into the page as it starts; they are let in by a number that is used
    /// once.</summary>
    private static IResult Answer(HttpContext http, IFileInfo page)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        PageHeaders.Protect(http.Response, $"{PageHeaders.Policy}; style-src 'self' 'nonce-{nonce}'");
        using var reader = new StreamReader(page.CreateReadStream());
        return Results.Text(reader.ReadToEnd().Replace("{{nonce}}", nonce, StringComparison.Ordinal), "text/html", Encoding.UTF8);
    }
}
