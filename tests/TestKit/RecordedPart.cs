using System.Text;

namespace EventSourcedStreams.TestKit;

/// <summary>A part that a source wrote.</summary>
/// <param name="body">How much of the body had been appended when it started, in characters.</param>
public sealed class RecordedPart(int number, PartStart start, int body) : IPartAppender
{
    private readonly StringBuilder text = new();

    public int Number => number;

    public PartStart Start => start;

    public int Body => body;

    public string Text => text.ToString();

    /// <summary>Null: it is open.</summary>
    public PartEnd? End { get; private set; }

    public ValueTask AppendAsync(string text)
    {
        if (End is not null) throw new InvalidOperationException("The part has ended.");
        this.text.Append(text);
        return ValueTask.CompletedTask;
    }

    public ValueTask AppendAsync(ReadOnlySpan<char> text) => AppendAsync(text.ToString());

    public ValueTask EndAsync(PartEnd? end = null)
    {
        if (End is not null) throw new InvalidOperationException("The part has ended.");
        End = end ?? new PartEnd();
        return ValueTask.CompletedTask;
    }

    public override string ToString() => string.Join(' ', ((string?[])
    [
        start.Kind, start.Of is { } of ? $"of {of}" : null, start.Name, start.CallId is { } id ? $"#{id}" : null, start.MediaType,
        start.Encoding == PartEncoding.Plain ? null : $"{start.Encoding}", start.Detail, text.Length > 0 ? $"'{Text}'" : null,
        End is null ? "(open)" : End.Detail, End?.Error is { } error ? $"failed: {error}" : null,
    ]).Where(word => word is not null));
}
