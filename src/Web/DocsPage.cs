using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileProviders;

namespace EventSourcedStreams.Web;

/// <summary>The API's description to be read and tried, at <c>/docs/</c>: a page of ours around Scalar, which comes
/// from its package and from nowhere else.</summary>
internal static class DocsPage
{
    private const string Address = "/docs";

    public static void UseDocsPage(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        app.MapMethods(Address, DemoPage.Reading, (HttpContext http) => http.Request.Path.Value!.EndsWith('/')
            ? Answer(http, files.GetFileInfo("docs.html"))
            : Results.Redirect($"{http.Request.PathBase}{Address}/")).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods($"{Address}/index.html", DemoPage.Reading, (HttpContext http) => Answer(http, files.GetFileInfo("docs.html")))
            .AllowAnonymous().ExcludeFromDescription();
        var bundle = ScalarBundle.Sender(app.Services);
        app.MapMethods($"{Address}/{ScalarBundle.Name}", DemoPage.Reading, (HttpContext http) =>
        {
            PageHeaders.Protect(http.Response);
            return bundle(http);
        }).AllowAnonymous().ExcludeFromDescription();
    }

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
