using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Gives sources back to the texts that they are of.</summary>
internal sealed class InputSources
{
    private readonly List<(TextContent Content, long From, long To)> texts = [];
    private readonly List<InputPart> sources = [];
    private long length;

    /// <param name="from">UTF-8 bytes of the body before the text.</param>
    public static TextContent Annotated(string text, long from, IEnumerable<InputPart> said)
    {
        var (content, sources) = (new TextContent(text), new InputSources());
        sources.Add(content, from);
        foreach (var source in said) sources.Add(source);
        sources.Settle();
        return content;
    }

    /// <summary>Whether a source says something of a run of the body, which goes from one byte to another.</summary>
    public static bool IsWithin(InputPart source, long from, long to) => RangesOf(source).All(range => range.From >= from && range.To <= to);

    /// <param name="offset">Of its first byte in the body; null: behind the text before it.</param>
    public void Add(TextContent text, long? offset)
    {
        var from = offset ?? length;
        length = from + Encoding.UTF8.GetByteCount(text.Text);
        texts.Add((text, from, length));
    }

    public void Add(InputPart source) => sources.Add(source);

    public void Settle()
    {
        foreach (var source in sources)
        {
            var ranges = RangesOf(source).ToList();
            foreach (var (text, from, to) in texts)
            {
                var regions = ranges.Where(range => range.From >= from && range.To <= to).Select(AnnotatedRegion (range) => Region(text.Text, range.From - from, range.To - from)).ToList();
                if (regions.Count > 0 || (ranges.Count == 0 && text == texts[^1].Content)) (text.Annotations ??= []).Add(Citation(source, regions));
            }
        }
    }

    private static IEnumerable<(long From, long To)> RangesOf(InputPart source) =>
        source.DetailValue("ranges")?.List().Items.Select(range => (range.Object("from", "to")["from"]?.Long() ?? 0, range["to"]?.Long() ?? 0)) ?? [];

    private static CitationAnnotation Citation(InputPart source, List<AnnotatedRegion> regions) => new()
    {
        Url = GivenAddress.Of(source.Detail("url")),
        FileId = source.Detail("fileId"),
        Title = source.Detail("title"),
        Snippet = source.Detail("quote"),
        ToolName = source.Detail("tool"),
        AnnotatedRegions = regions.Count > 0 ? regions : null,
    };

    private static TextSpanAnnotatedRegion Region(string text, long from, long to)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new TextSpanAnnotatedRegion { StartIndex = Encoding.UTF8.GetCharCount(bytes, 0, (int)from), EndIndex = Encoding.UTF8.GetCharCount(bytes, 0, (int)to) };
    }
}
