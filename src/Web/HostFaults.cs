using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Diagnostics;

namespace EventSourcedStreams.Web;

/// <summary>Says in the log what a request died of, without the exception's own words: they may quote what the request
/// held. What the client gets is the pages' of statuses.</summary>
internal sealed class HostFaults(ILogger<HostFaults> logger) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            logger.RequestBroken(httpContext.Request.Method, httpContext.Request.Path, FaultTrace.TypesOf(bad));
            httpContext.Response.StatusCode = bad.StatusCode;
            return ValueTask.FromResult(true);
        }

        logger.RequestFailed(httpContext.Request.Method, httpContext.Request.Path, FaultTrace.WhyOf(exception), FaultTrace.StackOf(exception));
        httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return ValueTask.FromResult(true);
    }
}
