using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A job, as it was noted last.</summary>
internal sealed record JobAnswer(JobView Job, int StatusCode = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCode;
        httpContext.Response.Headers.CacheControl = "no-store";
        return httpContext.Response.WriteJsonAsync(Job, WireJson.Default.JobView, "application/json; charset=utf-8", httpContext.RequestAborted);
    }
}
