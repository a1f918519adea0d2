using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream's text as it is, or a range of its bytes.</summary>
internal sealed record TextAnswer(StreamPoint Point, TextSlices Texts, TimeSpan TakeLimit) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var (tag, length) = (EntityTags.Of(Point.Summary), Point.Summary.Length);
        if (EntityTags.Matches(httpContext, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (!EntityTags.Holds(request, tag)) return Refusals.PreconditionFailed().ExecuteAsync(httpContext);
        response.Headers.XContentTypeOptions = "nosniff";
        if (Point.Summary.Foreign is { } foreign) response.Headers["X-Stream-Foreign"] = $"{foreign.Revision}";
        switch (AskedRange.Of(request, tag, length))
        {
            case AskedRange.Part(var from, var to):
                return SendAsync(httpContext, from, to, StatusCodes.Status206PartialContent);
            case AskedRange.Beyond:
                response.Headers.AcceptRanges = "bytes";
                response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
                return Refusals.RangeNotSatisfiable(length).ExecuteAsync(httpContext);
            default:
                return SendAsync(httpContext, 0, length, StatusCodes.Status200OK);
        }
    }

    private async Task SendAsync(HttpContext http, long from, long to, int status)
    {
        if (HttpMethods.IsHead(http.Request.Method) || from == to)
        {
            Begin(http.Response, from, to, status);
            return;
        }

        var ct = http.RequestAborted;
        using var turn = await Texts.EnterAsync(ct);
        using var answer = new PacedAnswer(http, TakeLimit, Texts.Time);
        var kept = Texts.Kept(Point);
        if (answer.CountFor(turn, kept is null ? null : to - from) && kept!.Bytes == to - from)
        {
            Begin(http.Response, from, to, status);
            await answer.WriteAtOnceAsync(kept.All.Select(piece => piece.Bytes));
            return;
        }

        TakenBytes.Bound(http);
        await foreach (var bytes in Texts.ReadAsync(Point, from, to, ct))
        {
            if (!http.Response.HasStarted) Begin(http.Response, from, to, status);
            if (!await answer.WriteAsync(bytes)) return;
        }

        if (answer.Writer.UnflushedBytes > 0) await answer.FlushAsync();
    }

    private void Begin(HttpResponse response, long from, long to, int status)
    {
        response.StatusCode = status;
        response.ContentType = Point.Summary.ContentType;
        response.ContentLength = to - from;
        response.Headers.AcceptRanges = "bytes";
        if (status == StatusCodes.Status206PartialContent)
            response.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, Point.Summary.Length).ToString();
    }
}
