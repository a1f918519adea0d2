namespace EventSourcedStreams.OpenAI;

/// <summary>Where code points of a text stand in its UTF-8, without the text: runs of equal width are kept.</summary>
internal sealed class CodePoints
{
    private const int MaxRuns = 64 * 1024;

    private readonly List<(int Count, int Width)> runs = [];
    private char pending;

    /// <summary>Whether too much has come to know more.</summary>
    private bool isLost;

    public void Add(string text)
    {
        var whole = pending == 0 ? text : pending + text;
        pending = whole.Length > 0 && char.IsHighSurrogate(whole[^1]) ? whole[^1] : '\0';
        var rest = pending == 0 ? whole.AsSpan() : whole.AsSpan(0, whole.Length - 1);
        foreach (var rune in rest.EnumerateRunes()) Add(rune.Utf8SequenceLength);
    }

    /// <summary>The bytes before that code point; null: there are fewer.</summary>
    public long? BytesBefore(int codePoint)
    {
        var bytes = 0L;
        foreach (var (count, width) in runs)
        {
            if (codePoint <= count) return bytes + ((long)codePoint * width);
            bytes += (long)count * width;
            codePoint -= count;
        }

        return codePoint == 0 && !isLost ? bytes : null;
    }

    private void Add(int width)
    {
        if (runs is [.., var last] && last.Width == width) runs[^1] = (last.Count + 1, width);
        else if (runs.Count < MaxRuns && !isLost) runs.Add((1, width));
        else isLost = true;
    }
}
