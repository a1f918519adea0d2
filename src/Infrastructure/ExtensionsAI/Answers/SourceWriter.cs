using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes what an answer says of where its words are from.</summary>
internal static class SourceWriter
{
    private const int MaxRanges = 64;

    /// <param name="body">All text so far.</param>
    /// <param name="messageAt">Where the message's text begins in it, in UTF-16 code units.</param>
    /// <param name="contentAt">Where the annotated content's text begins.</param>
    public static async ValueTask WriteAsync(IList<AIAnnotation>? annotations, IAppender output, TextOffsets body, long messageAt, long contentAt)
    {
        foreach (var annotation in annotations ?? [])
        {
            if (annotation is not CitationAnnotation citation) continue;
            var part = output.StartWithinLimits(new PartStart(PartKinds.Source)
            {
                Detail = PartDetailJson.Of(
                    ("url", TextCut.Within(citation.Url?.ToString(), 4096)), ("fileId", citation.FileId), ("title", TextCut.ToBytes(citation.Title, 1024)),
                    ("quote", TextCut.ToBytes(citation.Snippet, 4096)), ("tool", citation.ToolName), ("ranges", Ranges(citation, body, messageAt, contentAt))),
            });
            await part.EndAsync();
        }
    }

    /// <summary>Places count from the content's text, or where they reach over it from the message's: clients do
    /// either.</summary>
    private static JsonArray? Ranges(CitationAnnotation citation, TextOffsets body, long messageAt, long contentAt)
    {
        var spans = (citation.AnnotatedRegions ?? []).OfType<TextSpanAnnotatedRegion>().Where(span => span is { StartIndex: not null, EndIndex: not null }).Take(MaxRanges).ToList();
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
