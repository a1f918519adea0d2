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

    /// <summary>Whether the text stands in it as one.</summary>
    public bool WithText { get; init; } = true;

    /// <summary>Writes the members of the answer's <c>content</c>, in order; false: the client is gone. Null: none is
    /// asked for.</summary>
    public Func<PacedAnswer, CancellationToken, Task<bool>>? Content { get; init; }

    /// <summary>Reads what <see cref="Content"/> needs, before anything is sent.</summary>
    public Func<CancellationToken, Task>? Prepare { get; init; }

    /// <summary>What tells this answer from others of the same stream; null: it stands for itself.</summary>
    public string? Tag { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var isQuery = HttpMethods.IsGet(httpContext.Request.Method) || HttpMethods.IsHead(httpContext.Request.Method);
        if (EntityTags.Matches(httpContext, EntityTags.Of(Point.Summary, WithText, Tag)) && isQuery)
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
        using var turn = Point.Summary.Length == 0 && Content is null ? null : await Texts.EnterAsync(ct);
        if (Prepare is not null) await Prepare(ct);
        TakenBytes.Bound(http);
        using var answer = new PacedAnswer(http, TakeLimit, Texts.Time);
        answer.CountFor(turn);
        var (json, hole) = Around();
        var isBegun = false;
        await foreach (var bytes in Texts.ReadAsync(Point, 0, WithText ? Point.Summary.Length : 0, ct))
        {
            if (!isBegun) BeginText();
            for (var rest = bytes; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, PacedAnswer.FlushBytes);
                Sse.Escaped(answer.Writer, rest.Span[..count]);
                rest = rest[count..];
                if (answer.IsFull && !await answer.FlushAsync()) return;
            }
        }

        if (!isBegun) BeginText();
        if (Content is null) answer.Writer.Write(json.AsSpan(hole));
        else if (!await ContentAsync(answer, json.AsMemory(hole), ct)) return;
        await answer.FlushAsync();

        void BeginText()
        {
            isBegun = true;
            Begin(http.Response);
            answer.Writer.Write(json.AsSpan(0, hole));
        }
    }

    /// <param name="rest">What stands behind the text, up to the answer's last brace.</param>
    private async Task<bool> ContentAsync(PacedAnswer answer, ReadOnlyMemory<byte> rest, CancellationToken ct)
    {
        answer.Writer.Write(rest.Span[..^1]);
        answer.Writer.Write(",\"content\":["u8);
        if (!await Content!(answer, ct)) return false;
        answer.Writer.Write("]}"u8);
        return true;
    }

    /// <summary>All but the text, and where that goes.</summary>
    private (byte[] Json, int Hole) Around()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(StreamView.Of(Point.Summary, text: WithText ? "" : null) with { Chars = Chars }, WireJson.Relaxed.StreamView);
        return (json, WithText ? json.AsSpan().IndexOf(NoText) + NoText.Length - 1 : json.Length - 1);
    }
}
