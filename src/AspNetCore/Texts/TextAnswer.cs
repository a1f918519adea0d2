using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream's text as it is, or a range of its bytes.</summary>
internal sealed record TextAnswer(StreamPoint Point, TextSlices Texts, TimeSpan TakeLimit) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (stream, response) = (Point.Summary, httpContext.Response);
        var ranged = new RangedAnswer(httpContext, EntityTags.Of(stream), stream.Length);
        if (stream.Foreign is { } foreign) response.Headers["X-Stream-Foreign"] = $"{foreign.Revision}";
        if (await ranged.IsAnsweredAsync()) return;
        response.ContentType = stream.ContentType;
        if (ranged.HasBody) await SendAsync(httpContext, ranged, httpContext.RequestAborted);
        else ranged.Begin();
    }

    private async Task SendAsync(HttpContext http, RangedAnswer ranged, CancellationToken ct)
    {
        using var turn = await Texts.EnterAsync(ct);
        using var answer = new PacedAnswer(http, TakeLimit, Texts.Time);
        var bytes = ranged.To - ranged.From;
        var kept = Texts.Kept(Point);
        if (answer.CountFor(turn, kept is null ? null : bytes) && kept!.Bytes == bytes)
        {
            ranged.Begin();
            await answer.WriteAtOnceAsync(kept.All.Select(piece => piece.Bytes));
            return;
        }

        TakenBytes.Bound(http);
        await foreach (var some in Texts.ReadAsync(Point, ranged.From, ranged.To, ct))
        {
            if (!http.Response.HasStarted) ranged.Begin();
            if (!await answer.WriteAsync(some)) return;
        }

        if (answer.Writer.UnflushedBytes > 0) await answer.FlushAsync();
    }
}
