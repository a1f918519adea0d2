using System.Text;

namespace EventSourcedStreams.Web;

/// <summary>The page at <c>/</c>, a stream's own at <c>/streams/ID</c>, and their files.</summary>
internal static class DemoPage
{
    public static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>What an endpoint serves goes before a file of the same name.</summary>
    public static void UseDemoPage(this WebApplication app)
    {
        var page = new PageMarkup(app.Environment.WebRootFileProvider, app.Services);
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => PageHeaders.Protect(file.Context.Response) });
        app.MapMethods("/", Reading, (HttpContext http, string? stream) => string.IsNullOrEmpty(stream)
            ? Answer(http, page.Home())
            : Results.Redirect($"{http.Request.PathBase}/streams/{Uri.EscapeDataString(stream)}")).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/index.html", Reading, (HttpContext http) => Answer(http, page.Home())).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/streams/{id}", Reading, (HttpContext http) => Answer(http, page.OfStream())).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext http, string markup)
    {
        PageHeaders.Protect(http.Response);
        return Results.Text(markup, "text/html", Encoding.UTF8);
    }
}
