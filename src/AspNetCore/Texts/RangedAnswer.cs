using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What <c>If-None-Match</c>, <c>If-Match</c>, <c>Range</c> and <c>If-Range</c> make of an answer whose bytes a
/// tag names.</summary>
/// <param name="length">Of all of them.</param>
internal sealed class RangedAnswer(HttpContext http, EntityTagHeaderValue tag, long length)
{
    private int status = StatusCodes.Status200OK;

    /// <summary>The first byte that is to be sent.</summary>
    public long From { get; private set; }

    /// <summary>Behind the last one.</summary>
    public long To { get; private set; } = length;

    /// <summary>Whether bytes are to be sent.</summary>
    public bool HasBody => From < To && !HttpMethods.IsHead(http.Request.Method);

    /// <returns>True: the request has its answer, which is not these bytes.</returns>
    public async ValueTask<bool> IsAnsweredAsync()
    {
        var response = http.Response;
        if (EntityTags.Matches(http, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        if (!EntityTags.Holds(http.Request, tag))
        {
            await Refusals.PreconditionFailed().ExecuteAsync(http);
            return true;
        }

        response.Headers.XContentTypeOptions = "nosniff";
        switch (AskedRange.Of(http.Request, tag, length))
        {
            case AskedRange.Part(var from, var to):
                (From, To, status) = (from, to, StatusCodes.Status206PartialContent);
                return false;
            case AskedRange.Beyond:
                response.Headers.AcceptRanges = "bytes";
                response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
                await Refusals.RangeNotSatisfiable(length).ExecuteAsync(http);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Once nothing more can be in the way of the bytes.</summary>
    public void Begin()
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentLength = To - From;
        response.Headers.AcceptRanges = "bytes";
        if (status == StatusCodes.Status206PartialContent)
            response.Headers.ContentRange = new ContentRangeHeaderValue(From, To - 1, length).ToString();
    }
}
