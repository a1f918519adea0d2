using System.Buffers;
using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream with its text, in the shape of a query: the text is written into its place a piece at a
/// time.</summary>
internal sealed record StreamTextAnswer(StreamPoint Point, TextSlices Texts, TimeSpan TakeLimit) : IResult
{
    /// <summary>Neither an id nor a status, which stand before it, has a quotation mark.</summary>
    private static ReadOnlySpan<byte> NoText => "\"text\":\"\""u8;

    /// <summary>UTF-16 code units of the text; null: left out.</summary>
    public long? Chars { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var isQuery = HttpMethods.IsGet(httpContext.Request.Method) || HttpMethods.IsHead(httpContext.Request.Method);
        if (EntityTags.Matches(httpContext, EntityTags.Of(Point.Summary)) && isQuery)
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (HttpMethods.IsHead(httpContext.Request.Method)) Begin(httpContext.Response);
        else await SendAsync(httpContext, httpContext.RequestAborted);
    }

    private static void Begin(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=utf-8";
    }

    private async Task SendAsync(HttpContext http, CancellationToken ct)
    {
        using var turn = Point.Summary.Length == 0 ? null : await Texts.EnterAsync(ct);
        TakenBytes.Bound(http);
        using var answer = new PacedAnswer(http, TakeLimit, Texts.Time);
        answer.CountFor(turn);
        var (json, hole) = Around();
        var isBegun = false;
        await foreach (var bytes in Texts.ReadAsync(Point, 0, Point.Summary.Length, ct))
        {
            if (!isBegun) BeginText();
            for (var rest = bytes; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, PacedAnswer.FlushBytes);
                Sse.Escaped(answer.Writer, rest.Span[..count]);
                rest = rest[count..];
                if (answer.IsFull && !await answer.FlushAsync(ct)) return;
            }
        }

        if (!isBegun) BeginText();
        answer.Writer.Write(json.AsSpan(hole));
        await answer.FlushAsync(ct);

        void BeginText()
        {
            isBegun = true;
            Begin(http.Response);
            answer.Writer.Write(json.AsSpan(0, hole));
        }
    }

    /// <summary>All but the text, and where that goes.</summary>
    private (byte[] Json, int Hole) Around()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(StreamView.Of(Point.Summary, text: "") with { Chars = Chars }, WireJson.Relaxed.StreamView);
        return (json, json.AsSpan().IndexOf(NoText) + NoText.Length - 1);
    }
}
