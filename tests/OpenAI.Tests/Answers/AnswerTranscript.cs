using System.Text;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>What an answer says, one line a part or run of text, in their order. A part that has no end is said to be
/// cut.</summary>
internal sealed class AnswerTranscript
{
    private readonly List<Line> lines = [];
    private readonly Dictionary<ChatPart, Line> parts = [];

    public static async Task<string> OfAsync(IEnumerable<byte[]> pieces)
    {
        var reader = new ChatAnswerReader(new AnswerFaults("models.example.org", "text/event-stream", new SecretRemoval([])), TimeProvider.System);
        var transcript = new AnswerTranscript();
        try
        {
            await foreach (var update in reader.ReadAsync(new PiecewiseBody(pieces, null), isFramed: true, default)) transcript.Add(update);
        }
        catch (ProviderFault fault)
        {
            transcript.lines.Add(new Line($"{fault.Code}: {fault.Message}") { IsEnded = true });
        }

        return transcript.ToString();
    }

    public override string ToString() => string.Concat(lines.Select(line => line + "\n"));

    private void Add(ChatUpdate update)
    {
        switch (update)
        {
            case ChatUpdate.Text(var text):
                if (lines is not [.., { IsBody: true }]) lines.Add(new Line("body") { IsBody = true, IsEnded = true });
                lines[^1].Text.Append(text);
                break;
            case ChatUpdate.PartStart(var part):
                parts.Add(part, new Line(Head(part)));
                lines.Add(parts[part]);
                break;
            case ChatUpdate.PartText(var part, var text):
                parts[part].Text.Append(text);
                break;
            case ChatUpdate.PartEnd(var part, var detail, var error):
                parts[part].IsEnded.Should().BeFalse("a part ends once");
                parts[part].End(detail, error);
                break;
            case ChatUpdate.End(var reason, var usage):
                lines.Add(new Line($"end {reason} {usage}".TrimEnd()) { IsEnded = true });
                break;
        }
    }

    private string Head(ChatPart part) => string.Join(' ', ((string?[])
    [
        part.Kind, part.Of is null ? null : $"of {lines.IndexOf(parts[part.Of]) + 1}", part.Name, part.CallId is null ? null : $"#{part.CallId}", part.MediaType, part.Encoding, part.Detail,
    ]).Where(word => word is not null));

    private sealed class Line(string head)
    {
        private string end = "";

        public StringBuilder Text { get; } = new();

        public bool IsBody { get; init; }

        public bool IsEnded { get; set; }

        public void End(string? detail, string? error) => (IsEnded, end) = (true, $"{(detail is null ? "" : $" -> {detail}")}{(error is null ? "" : $" failed: {error}")}");

        public override string ToString() => $"{head}{(Text.Length == 0 ? "" : $": {Text.ToString().Replace("\n", "\\n")}")}{(IsEnded ? end : " (cut)")}";
    }
}
