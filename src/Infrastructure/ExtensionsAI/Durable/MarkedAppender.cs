using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Knows how far an answer has come: what it hands on is Unicode text already.</summary>
internal sealed class MarkedAppender(IAppender output) : ILimitedAppender
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, long> open = [];
    private long length;
    private int parts;

    /// <param name="untold">Parts that the reader of the answer has not been told of, though they may have
    /// ended.</param>
    public ContentMark Mark(ToolRuns untold)
    {
        lock (gate)
        {
            var marked = new SortedDictionary<int, long>(open);
            foreach (var part in untold.Unanswered) marked[part] = 0;
            return new ContentMark(length, parts, [.. marked.Select(part => (part.Key, part.Value))]);
        }
    }

    public Task AppendAsync(string text)
    {
        lock (gate) length += PartLimits.BytesOf(text);
        return output.AppendAsync(text);
    }

    public Task AppendAsync(ReadOnlySpan<char> text) => AppendAsync(text.ToString());

    public IPartAppender StartPart(PartStart start) => Start(start, output.StartPart);

    public IPartAppender StartOrLeaveOut(PartStart start) => Start(start, output.StartWithinLimits);

    public void KeepAlive() => output.KeepAlive();

    private MarkedPart Start(PartStart start, Func<PartStart, IPartAppender> begin)
    {
        lock (gate)
        {
            var part = begin(start);
            if (part.Number > 0) open[part.Number] = 0;
            parts = Math.Max(parts, part.Number);
            return new MarkedPart(this, part);
        }
    }

    private sealed class MarkedPart(MarkedAppender answer, IPartAppender part) : IPartAppender
    {
        public int Number => part.Number;

        public ValueTask AppendAsync(string text)
        {
            lock (answer.gate)
            {
                if (answer.open.TryGetValue(Number, out var before)) answer.open[Number] = before + PartLimits.BytesOf(text);
            }

            return part.AppendAsync(text);
        }

        public ValueTask AppendAsync(ReadOnlySpan<char> text) => AppendAsync(text.ToString());

        public ValueTask EndAsync(PartEnd? end = null)
        {
            lock (answer.gate) answer.open.Remove(Number);
            return part.EndAsync(end);
        }
    }
}
