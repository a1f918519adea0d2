using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace EventSourcedStreams.Web;

/// <summary>
/// Takes <c>?token=</c> out of every request before anything else sees it, so that no log, trace or error has it. A
/// browser's <c>EventSource</c> cannot send a header; of what only reads it becomes the header.
/// </summary>
internal sealed class QueryToken(IServiceProvider services) : IHttpContextFactory
{
    private const string Parameter = "token";

    private readonly DefaultHttpContextFactory inner = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        if (featureCollection.Get<IHttpRequestFeature>() is { } request) MoveToHeader(request);
        return inner.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => inner.Dispose(httpContext);

    internal static void MoveToHeader(IHttpRequestFeature request)
    {
        if (request.QueryString.Length <= 1) return;
        var rest = new StringBuilder();
        string? token = null;
        foreach (var pair in new QueryStringEnumerable(request.QueryString))
        {
            if (pair.DecodeName().Span.Equals(Parameter, StringComparison.OrdinalIgnoreCase)) token = pair.DecodeValue().ToString();
            else rest.Append(rest.Length == 0 ? '?' : '&').Append(pair.EncodedName).Append(pair.EncodedValue.Length == 0 ? "" : "=").Append(pair.EncodedValue);
        }

        if (token is null) return;
        request.QueryString = rest.ToString();
        request.RawTarget = request.RawTarget.Split('?', 2)[0] + rest;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && token.Length > 0 && request.Headers.Authorization.Count == 0)
            request.Headers.Authorization = Bearer.Header(token);
    }
}
