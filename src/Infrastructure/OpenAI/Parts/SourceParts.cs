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

    public void Add(List<ChatUpdate> updates, ChatSaid.Source source, TextOffsets text)
    {
        if (source.Url is { Length: > MaxUrlChars } || seen.Count >= MaxParts || !seen.Add((source.Url, source.FileId, source.Title, source.From, source.To))) return;
        var range = source is { From: { } from, To: { } to } && to > from && text.BytesBefore(from) is { } first && text.BytesBefore(to) is { } end
            ? new JsonArray(new JsonObject { ["from"] = first, ["to"] = end })
            : null;
        var part = new ChatPart("source")
        {
            Detail = PartDetailJson.Of(
                ("url", source.Url), ("fileId", PartDetail.Cut(source.FileId, 256)), ("title", PartDetail.Cut(source.Title, MaxWordsChars)),
                ("quote", PartDetail.Cut(source.Quote, MaxWordsChars)), ("ranges", range)),
        };
        updates.AddRange([new ChatUpdate.PartStart(part), new ChatUpdate.PartEnd(part)]);
    }
}
