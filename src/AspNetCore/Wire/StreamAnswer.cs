using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream, in the shape of a query.</summary>
internal sealed record StreamAnswer(StreamView Stream, StreamSummary Summary, int StatusCode = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (EntityTags.Matches(httpContext, EntityTags.Of(Summary, Stream.Text is not null)) && IsQuery(httpContext.Request))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        httpContext.Response.StatusCode = StatusCode;
        return httpContext.Response.WriteJsonAsync(
            Stream, WireJson.Relaxed.StreamView, "application/json; charset=utf-8", httpContext.RequestAborted);
    }

    private static bool IsQuery(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
