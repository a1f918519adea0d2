using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>Sources of an answer, as a chat client tells them: annotations of a content without text.</summary>
internal static class AnswerSources
{
    /// <param name="body">The answer's text so far, in which places are counted.</param>
    public static TextContent Of(ChatPart part, StringBuilder body)
    {
        var detail = PartDetail.Json(part.Detail);
        var bytes = detail?["ranges"] is null ? [] : Encoding.UTF8.GetBytes(body.ToString());
        var citation = new CitationAnnotation
        {
            Url = GivenAddress.Of(detail?["url"]?.GetValue<string>()),
            FileId = detail?["fileId"]?.GetValue<string>(),
            Title = detail?["title"]?.GetValue<string>(),
            Snippet = detail?["quote"]?.GetValue<string>(),
            AnnotatedRegions = detail?["ranges"] is { } ranges
                ? [.. ranges.AsArray().Select(AnnotatedRegion (range) => new TextSpanAnnotatedRegion { StartIndex = Chars(range!["from"]!.GetValue<long>()), EndIndex = Chars(range["to"]!.GetValue<long>()) })]
                : null,
        };
        return new TextContent("") { Annotations = [citation] };

        int Chars(long count) => Encoding.UTF8.GetCharCount(bytes, 0, (int)Math.Min(count, bytes.Length));
    }
}
