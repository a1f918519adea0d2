using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Parts;

/// <summary>A stream's body and its parts for people, one below the other: a line in brackets says what comes next.
/// Where it has to be exact, there is JSON.</summary>
internal sealed class Transcript(AuditConsole console)
{
    private const int Body = 0;

    private readonly Dictionary<int, PartStart> starts = [];
    private int? speaker;
    private bool isLineOpen;

    public void Write(IEnumerable<ContentItem> content)
    {
        foreach (var item in content)
        {
            switch (item)
            {
                case ContentItem.Body body:
                    Write(body.Text);
                    break;
                case ContentItem.Part part:
                    Start(part.Number, part.Start);
                    if (part.Text != "") Write(part.Number, part.Text);
                    if (part.End is { } end) End(part.Number, PartLimits.BytesOf(part.Text), end);
                    else Line($"[part {part.Number} {(part.State is PartState.Open ? "is open" : "was cut off")}]");
                    break;
            }
        }

        EndLine();
    }

    public void Write(StreamEvent @event)
    {
        switch (@event)
        {
            case ChunkPersisted e: Write(e.Text); break;
            case PartStarted e: Start(e.Part, e.Start); break;
            case PartPersisted e: Write(e.Part, e.Text); break;
            case PartEnded e: End(e.Part, e.Length, e.End); break;
        }
    }

    public void EndLine()
    {
        if (isLineOpen) console.WriteLine("");
        isLineOpen = false;
    }

    private void Write(string text)
    {
        if (speaker is not (null or Body)) Line("[text]");
        speaker = Body;
        Add(text);
    }

    private void Start(int part, PartStart start)
    {
        starts[part] = start;
        Line($"[part {part}: {PartTitle.Of(start)}{Said(start.Detail)}]");
        speaker = part;
    }

    private void Write(int part, string text)
    {
        if (speaker != part) Line($"[part {part}]");
        speaker = part;
        Add(starts.GetValueOrDefault(part)?.Encoding is PartEncoding.Base64 ? EventDetail.Excerpt(text) : text);
    }

    private void End(int part, long length, PartEnd end)
    {
        Line($"[part {part} {(end.Error is { } error ? $"failed: {error}" : "ends")}, {length} bytes{Said(end.Detail)}]");
        speaker = part;
    }

    private void Add(string text)
    {
        console.WriteText(text);
        isLineOpen = !text.EndsWith('\n');
    }

    private void Line(string line)
    {
        EndLine();
        console.WriteLine(line);
    }

    private static string Said(string? detail) => detail is null ? "" : $", detail {detail}";
}
