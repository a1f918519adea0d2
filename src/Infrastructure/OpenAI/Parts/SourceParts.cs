using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Where an answer is from, each source once for each place in the text.</summary>
internal sealed class SourceParts
{
    private const int MaxParts = 1000;
    private const int MaxUrlChars = 2048;
    private const int MaxWordsChars = 1024;

    private readonly HashSet<(string?, string?, string?, int?, int?)> seen = [];

    /// <returns>False: its address is too long, or there are too many. What else is known of it is kept.</returns>
    public bool Add(List<ChatUpdate> updates, ChatSaid.Source source, TextOffsets text)
    {
        var url = source.Url is { Length: > MaxUrlChars } ? null : source.Url;
        var key = (url, source.FileId, source.Title, source.From, source.To);
        if (seen.Contains(key)) return true;
        if (seen.Count >= MaxParts) return false;
        seen.Add(key);
        if (url is null && source is { FileId: null, Title: null, Quote: null }) return false;
        var range = source is { From: { } from, To: { } to } && to > from && text.BytesBefore(from) is { } first && text.BytesBefore(to) is { } end
            ? new JsonArray(new JsonObject { ["from"] = first, ["to"] = end })
            : null;
        var detail = PartDetailJson.Of(
            ("url", url), ("fileId", PartDetail.Cut(source.FileId, 256)), ("title", PartDetail.Cut(source.Title, MaxWordsChars)),
            ("quote", PartDetail.Cut(source.Quote, MaxWordsChars)), ("ranges", range));
        var part = new ChatPart("source") { Detail = detail };
        updates.AddRange([new ChatUpdate.PartStart(part), new ChatUpdate.PartEnd(part)]);
        return url == source.Url && PartLimits.DetailFault(detail) is null;
    }
}
