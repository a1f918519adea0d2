using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Around every endpoint: so many requests at one time. More are refused at once, so that those under way get
/// on.</summary>
internal sealed class BusyFilter(EngineAccess access, IOptions<TextStreamsHttpOptions> options) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!access.UnderWay.TryEnter(options.Value.MaxRequests))
            return Refusals.Busy("As many requests are under way as the server takes at one time. Try the same again in a moment.");
        try
        {
            return await next(context);
        }
        finally
        {
            access.UnderWay.Leave();
        }
    }
}
