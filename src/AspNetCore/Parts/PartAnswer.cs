using System.Runtime.CompilerServices;
using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The bytes of one part, or a range of them: its text, decoded where that is base64.</summary>
/// <param name="Part">It is shown to the client.</param>
/// <param name="Before">The event before its start.</param>
internal sealed record PartAnswer(StreamPart Part, RecordedEvent Start, StreamHead Before, StreamPoint Point, EngineAccess Access, TimeSpan TakeLimit) : IResult
{
    private readonly PartEvents events = new(Access.Pieces, Point);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response, ct) = (httpContext.Request, httpContext.Response, httpContext.RequestAborted);
        using var turn = await Access.Texts.EnterAsync(ct);
        var (entry, bytes) = await FoldAsync(ct);
        var tag = new EntityTagHeaderValue($"\"{entry.Last}-part-{Part.Number}{(entry.State is PartState.Cut ? "-cut" : "")}\"");
        if (EntityTags.Matches(httpContext, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (!EntityTags.Holds(request, tag))
        {
            await Refusals.PreconditionFailed().ExecuteAsync(httpContext);
            return;
        }

        var length = bytes ?? entry.Length;
        var asked = AskedRange.Of(request, tag, length);
        response.Headers.AcceptRanges = "bytes";
        if (asked is AskedRange.Beyond)
        {
            response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
            await Refusals.RangeNotSatisfiable(length).ExecuteAsync(httpContext);
            return;
        }

        var (from, to) = asked is AskedRange.Part(var first, var behind) ? (first, behind) : (0, length);
        PartMedia.Describe(response, Part, isText: bytes is null);
        response.StatusCode = asked is AskedRange.Part ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentLength = to - from;
        if (asked is AskedRange.Part) response.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, length).ToString();
        if (HttpMethods.IsHead(request.Method) || from == to) return;
        await SendAsync(httpContext, BytesAsync(entry, bytes, ct), from, to, ct);
    }

    /// <returns>How far the part has come, and how many bytes it is decoded; null: it is text.</returns>
    private async Task<(PartEntry Entry, long? Bytes)> FoldAsync(CancellationToken ct)
    {
        var entry = new PartEntry(Part.Number, Start.Revision, 0);
        var base64 = Part.Start.Encoding is PartEncoding.Base64 ? new PartBase64() : null;
        await foreach (var recorded in events.AfterAsync(Before, ct))
        {
            switch (recorded.Event)
            {
                case StreamEvent.PartPersisted e when e.Part == Part.Number:
                    (entry.Length, entry.Last) = (entry.Length + e.Bytes, recorded.Revision);
                    base64?.Add(e.Text);
                    break;
                case StreamEvent.PartEnded e when e.Part == Part.Number:
                    (entry.State, entry.Last) = (PartState.Done, recorded.Revision);
                    break;
                case StreamEvent.StreamStarted or StreamEvent.Ending:
                    entry.State = PartState.Cut;
                    break;
            }

            if (entry.State is not PartState.Open) break;
        }

        return (entry, base64?.Bytes(isWhole: entry.HasEnded));
    }

    private IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(PartEntry entry, long? bytes, CancellationToken ct) =>
        bytes is { } decoded ? PartBase64.DecodeAsync(TextsAsync(entry, ct), decoded, ct) : Utf8Async(entry, ct);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Utf8Async(PartEntry entry, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var text in TextsAsync(entry, ct)) yield return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>From where its start is known to be.</summary>
    private async IAsyncEnumerable<string> TextsAsync(PartEntry entry, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = entry.Length;
        await foreach (var recorded in events.AfterAsync(Before, ct))
        {
            if (recorded.Event is not StreamEvent.PartPersisted e || e.Part != entry.Number) continue;
            yield return e.Text;
            left -= e.Bytes;
            if (left <= 0) yield break;
        }
    }

    private async Task SendAsync(HttpContext http, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, long from, long to, CancellationToken ct)
    {
        TakenBytes.Bound(http);
        using var answer = new PacedAnswer(http, TakeLimit, Access.Time);
        var at = 0L;
        await foreach (var some in bytes)
        {
            var end = at + some.Length;
            if (end > from && at < to
                && !await answer.WriteAsync(some[(int)Math.Max(0, from - at)..(int)(Math.Min(end, to) - at)]))
                return;
            at = end;
            if (at >= to) break;
        }

        await answer.FlushAsync();
    }
}
