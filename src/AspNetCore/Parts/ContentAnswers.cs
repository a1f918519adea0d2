using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream with its content in order.</summary>
internal static class ContentAnswers
{
    /// <param name="addressOf">Of a part, by its number: where the bytes of a file are served.</param>
    /// <param name="chars">UTF-16 code units of the text; null: left out.</param>
    public static async Task<IResult> OfAsync(
        Func<int, string> addressOf, EngineAccess access, StreamPoint point, ShownParts shown, TimeSpan takeLimit, bool withText, long? chars, CancellationToken ct)
    {
        var (events, memory) = (new PartEvents(access.Pieces, point), access.Current.Memory);
        PartIndex? index = null;
        var tag = "parts";
        if (shown.IsFiltered)
        {
            // What the client may see decides what it has already.
            using var turn = await access.Texts.EnterAsync(ct);
            index = await PartIndex.ReadAsync(events, shown, ct);
            tag = $"parts-{index.Fingerprint()}";
        }

        return new StreamTextAnswer(point, access.Texts, takeLimit)
        {
            Chars = chars,
            WithText = withText,
            Prepare = async token => index ??= await PartIndex.ReadAsync(events, shown, token),
            Content = WriteAsync,
            Tag = tag,
        };

        async Task<bool> WriteAsync(PacedAnswer answer, CancellationToken token)
        {
            long held = index!.Count * PartEntry.HeldBytes;
            memory.Hold(held);
            try
            {
                return await new PartContent(events, index, answer, addressOf, memory).WriteAsync(token);
            }
            finally
            {
                memory.Release(held);
            }
        }
    }
}
