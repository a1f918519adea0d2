using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes what an answer says of where its words are from.</summary>
internal sealed class SourceWriter(IAppender output, LeftOut leftOut)
{
    private const int MaxRanges = 64;
    private const int MaxAddressBytes = 4096;
    private const int MaxIdBytes = 1024;

    /// <param name="body">All text so far.</param>
    /// <param name="messageAt">Where the message's text begins in it, in UTF-16 code units.</param>
    /// <param name="contentAt">Where the annotated content's text begins.</param>
    public async ValueTask WriteAsync(IList<AIAnnotation>? annotations, TextOffsets body, long messageAt, long contentAt)
    {
        foreach (var annotation in annotations ?? [])
        {
            if (annotation is not CitationAnnotation citation) continue;
            var part = output.StartWithinLimits(new PartStart(PartKinds.Source)
            {
                Detail = leftOut.Detail(PartDetailJson.Of(
                    ("url", leftOut.Within(citation.Url?.ToString(), MaxAddressBytes)), ("fileId", leftOut.Within(citation.FileId, MaxIdBytes)),
                    ("title", TextCut.ToBytes(citation.Title, 1024)), ("quote", TextCut.ToBytes(citation.Snippet, 4096)),
                    ("tool", TextCut.ToBytes(citation.ToolName, PartLimits.NameBytes)), ("ranges", Ranges(citation, body, messageAt, contentAt)))),
            });
            await part.EndAsync();
        }
    }

    /// <summary>Places count from the content's text, or where they reach over it from the message's: clients do
    /// either.</summary>
    private JsonArray? Ranges(CitationAnnotation citation, TextOffsets body, long messageAt, long contentAt)
    {
        var given = (citation.AnnotatedRegions ?? []).OfType<TextSpanAnnotatedRegion>().Where(span => span is { StartIndex: not null, EndIndex: not null }).ToList();
        var spans = leftOut.Most(given, MaxRanges).ToList();
        var from = spans.All(span => contentAt + span.EndIndex <= body.Length) ? contentAt : messageAt;
        var ranges = new JsonArray();
        foreach (var span in spans)
        {
            if (body.BytesBefore(from + span.StartIndex!.Value) is { } start && body.BytesBefore(from + span.EndIndex!.Value) is { } end && start <= end)
                ranges.Add((JsonNode)new JsonObject { ["from"] = start, ["to"] = end });
        }

        return ranges.Count == 0 ? null : ranges;
    }
}
