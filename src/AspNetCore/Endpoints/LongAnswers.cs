using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Keeps an app's middleware away from long answers: an answer that lasts as long as its stream is neither timed out,
/// nor held back until it is whole, nor compressed; and what a stream is now is not answered out of a cache.
/// </summary>
internal static class LongAnswers
{
    /// <summary>For an endpoint that answers for as long as a stream runs.</summary>
    public static TBuilder AnswersLong<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new DisableRequestTimeoutAttribute(), new Long());

    /// <summary>For all endpoints of a prefix.</summary>
    public static void DisableCaching(IEndpointConventionBuilder group) =>
        group.WithMetadata(new OutputCacheAttribute { NoStore = true });

    /// <summary>Before the handler of a long answer writes anything.</summary>
    public static ValueTask<object?> UnbufferedAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<Long>() is not null)
        {
            http.Request.Headers.AcceptEncoding = default; // what compresses answers asks again at the first byte
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }

        return next(context);
    }

    private sealed class Long;
}
