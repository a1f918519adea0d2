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
        var ct = httpContext.RequestAborted;
        using var turn = await Access.Texts.EnterAsync(ct);
        var (entry, bytes) = await FoldAsync(ct);
        var tag = new EntityTagHeaderValue($"\"{entry.Last}-part-{Part.Number}{(entry.State is PartState.Cut ? "-cut" : "")}\"");
        var ranged = new RangedAnswer(httpContext, tag, bytes ?? entry.Length);
        if (await ranged.IsAnsweredAsync()) return;
        PartMedia.Describe(httpContext.Response, Part, isText: bytes is null);
        ranged.Begin();
        if (ranged.HasBody) await SendAsync(httpContext, BytesAsync(entry, bytes, ct), ranged);
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
        bytes is { } decoded ? PartBase64.DecodeAsync(entry.TextsAsync(events, ct), decoded, ct) : Utf8Async(entry, ct);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Utf8Async(PartEntry entry, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var text in entry.TextsAsync(events, ct)) yield return Encoding.UTF8.GetBytes(text);
    }

    private async Task SendAsync(HttpContext http, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, RangedAnswer ranged)
    {
        var (from, to) = (ranged.From, ranged.To);
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
