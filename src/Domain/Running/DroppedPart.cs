namespace EventSourcedStreams.Domain;

/// <summary>A part of which nothing is kept.</summary>
internal sealed class DroppedPart : IPartAppender
{
    public static DroppedPart Instance { get; } = new();

    public int Number => 0;

    public ValueTask AppendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ValueTask.CompletedTask;
    }

    public ValueTask AppendAsync(ReadOnlySpan<char> text) => ValueTask.CompletedTask;

    public ValueTask EndAsync(PartEnd? end = null) => ValueTask.CompletedTask;
}
