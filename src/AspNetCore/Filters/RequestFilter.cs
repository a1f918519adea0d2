using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Around every endpoint. So many requests at one time: more are refused at once, so that those under way get on. Once
/// the engine is taken away, an answer has a moment to reach its client and is cut then: so no client keeps a server
/// from stopping, not by reading nothing, and not by half a body that it goes on sending, or does not. And what an
/// endpoint throws becomes a problem. All in one filter, for every observer keeps the state of each that waits for it.
/// </summary>
internal sealed class RequestFilter(EngineAccess access, IOptions<TextStreamsHttpOptions> options, ILogger<ThrownProblems> logger) : IEndpointFilter
{
    private readonly ThrownProblems problems = new(access, logger);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!access.UnderWay.TryEnter(options.Value.MaxRequests))
            return Refusals.Busy("As many requests are under way as the server takes at one time. Try the same again in a moment.");
        var request = access.Cuts.Enter(context.HttpContext);
        try
        {
            try
            {
                // Written in here, or what goes wrong while it is written would not become a problem.
                if (await next(context) is IResult answer) await answer.ExecuteAsync(request.Http);
            }
            catch (Exception e)
            {
                await problems.TellAsync(request.Http, e);
            }

            if (request.IsStopping && IsSending(request.Http.Request)) await CutAfterAnswerAsync(request.Http);
            return Results.Empty;
        }
        finally
        {
            request.Dispose();
            access.UnderWay.Leave();
        }
    }

    /// <summary>The server would read the rest of the body, for some seconds, before it closes the
    /// connection.</summary>
    private static async Task CutAfterAnswerAsync(HttpContext http)
    {
        if (http.Response.HasStarted) await http.Response.CompleteAsync();
        if (http.Response.HasStarted) await http.CutAsync();
    }

    private static bool IsSending(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false && request.ContentLength != 0;
}
