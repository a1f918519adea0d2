using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What <c>If-None-Match</c>, <c>If-Match</c>, <c>Range</c> and <c>If-Range</c> make of an answer whose bytes
/// a tag names.</summary>
/// <param name="length">Of all of them.</param>
internal sealed class RangedAnswer(HttpContext http, EntityTagHeaderValue tag, long length)
{
    private AskedRange.Part? part;

    /// <summary>The first byte that is to be sent.</summary>
    public long From => part?.From ?? 0;

    /// <summary>Behind the last one.</summary>
    public long To => part?.To ?? length;

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
            case AskedRange.Part asked:
                part = asked;
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
        response.StatusCode = part is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        response.ContentLength = To - From;
        response.Headers.AcceptRanges = "bytes";
        if (part is not null) response.Headers.ContentRange = new ContentRangeHeaderValue(From, To - 1, length).ToString();
    }
}
