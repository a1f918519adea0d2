using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class GetStream
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder group)
    {
        group.MapMethods("/{id}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
        return group.MapGet("/{id}", HandleAsync)
            .WithName("GetStream")
            .WithSummary("Query a stream")
            .WithDescription("The stream with its text, now or as it was. The ETag is strong; If-None-Match answers 304.")
            .Produces<StreamView>()
            .Produces(StatusCodes.Status304NotModified)
            .AnswersProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status410Gone,
                StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery, Description("A revision, or a time in RFC 3339: the stream as it was then.")] string? at,
        [FromQuery, Description("false leaves the text out.")] string? text,
        [FromQuery, Description("utf16: the answer also has chars, the text's length in UTF-16 code units. Default: bytes.")] string? units,
        [FromQuery, Description("true: content has the answer in order, with what was said beside the text.")] string? parts,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options,
        CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var withText = AskedFlag.Parse("text", text, otherwise: true);
        var isUtf16 = OffsetUnits.AreUtf16(units);
        var (summaries, sendsText) = (access.Current.Summaries, withText && HttpMethods.IsGet(http.Request.Method));
        var point = sendsText && string.IsNullOrEmpty(at)
            ? await summaries.FindWithTextAsync(stream, ct) ?? throw Unknown(stream)
            : await FindAsync(summaries, stream, at, ct);
        long? chars = isUtf16 ? await CharsAsync(access, point, ct) : null;
        if (AskedParts.Parse(parts, http) is { } shown)
            return await ContentAnswers.OfAsync(
                part => StreamAddresses.OfPart(http, stream, part), access, point, shown, options.Value.TakeLimit, withText, chars, ct);
        return withText
            ? new StreamTextAnswer(point, access.Texts, options.Value.TakeLimit) { Chars = chars }
            : new StreamAnswer(StreamView.Of(point.Summary) with { Chars = chars }, point.Summary);
    }

    private static async Task<long> CharsAsync(EngineAccess access, StreamPoint point, CancellationToken ct)
    {
        if (point.Summary.Length == 0) return 0;
        using var turn = await access.Texts.EnterAsync(ct);
        return await TextChars.CountAsync(access.Texts, point, ct);
    }

    private static async Task<StreamPoint> FindAsync(StreamSummaries summaries, StreamId id, string? at, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(at)) return await summaries.FindAsync(id, ct) ?? throw Unknown(id);
        if (await PointInLife.Parse(at).FindAsync(summaries, id, ct) is { } then) return then;
        throw await summaries.FindAsync(id, ct) is null ? Unknown(id) : new RefusedException(Refusals.NoSuchVersion(at));
    }

    private static RefusedException Unknown(StreamId id) => new(Refusals.UnknownStream(id));
}
