namespace EventSourcedStreams.Domain;

/// <summary>A part of a stream that this node drives.</summary>
internal sealed class RunningPart(StreamRunner runner, int number, string kind) : RunningText(number), IPartAppender
{
    public int Number => number;

    public string Kind => kind;

    public bool HasEnded { get; set; }

    public ValueTask AppendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return runner.AppendAsync(this, text, text);
    }

    public ValueTask AppendAsync(ReadOnlySpan<char> text) => runner.AppendAsync(this, null, text);

    public ValueTask EndAsync(PartEnd? end = null) => runner.EndAsync(this, end ?? new PartEnd());

    public override void CheckTakesText()
    {
        if (HasEnded) throw new InvalidOperationException($"Part {number} has ended: it takes no more text.");
        if (kind == PartKinds.Text)
            throw new InvalidOperationException($"Part {number} marks a run of the body, and has no text of its own: append to the body.");
    }
}
