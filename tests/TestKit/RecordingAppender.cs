namespace EventSourcedStreams.TestKit;

/// <summary>Keeps what a source appends. While paused, an append is taken and its task stays open, as with too much
/// unsaved text.</summary>
public sealed class RecordingAppender : IAppender
{
    private readonly Lock gate = new();
    private readonly List<string> pieces = [];
    private readonly List<RecordedPart> parts = [];
    private TaskCompletionSource? pause;

    /// <summary>Null: any number of parts may be started.</summary>
    public int? MaxParts { get; init; }

    public IReadOnlyList<RecordedPart> Parts
    {
        get { lock (gate) return [.. parts]; }
    }

    public IReadOnlyList<string> Pieces
    {
        get { lock (gate) return [.. pieces]; }
    }

    internal string Text => string.Concat(Pieces);

    /// <summary>How many times the source said that it is alive.</summary>
    public int SignsOfLife { get; private set; }

    public void KeepAlive()
    {
        lock (gate) SignsOfLife++;
    }

    public IPartAppender StartPart(PartStart start)
    {
        lock (gate)
        {
            if (Domain.PartLimits.Fault(start, parts.Count) is { } fault) throw new ArgumentException(fault);
            if (parts.Count >= MaxParts) throw new InvalidOperationException("There are too many parts.");
            parts.Add(new RecordedPart(parts.Count + 1, start, pieces.Sum(piece => piece.Length)));
            return parts[^1];
        }
    }

    public void Pause()
    {
        lock (gate) pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Resume()
    {
        lock (gate)
        {
            pause?.SetResult();
            pause = null;
        }
    }

    public Task AppendAsync(string text)
    {
        lock (gate)
        {
            pieces.Add(text);
            return pause is null ? Task.CompletedTask : pause.Task;
        }
    }

    public Task AppendAsync(ReadOnlySpan<char> text) => AppendAsync(text.ToString());
}
