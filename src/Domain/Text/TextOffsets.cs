using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Where the characters of a text stand in its UTF-8, without the text: runs of characters of one width are kept. A
/// text of very many runs is followed up to a bound.
/// </summary>
/// <param name="codePoints">A character is a code point; false: a UTF-16 code unit.</param>
internal sealed class TextOffsets(bool codePoints)
{
    private const int MaxRuns = 64 * 1024;

    private readonly List<(int Chars, int Width, int Runes)> runs = [];
    private char pending;
    private bool isLost;

    /// <summary>Characters so far.</summary>
    public long Length { get; private set; }

    /// <summary>UTF-8 bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <param name="text">May end with half of a surrogate pair, whose other half comes next.</param>
    public void Add(string text)
    {
        var whole = pending == 0 ? text : pending + text;
        pending = whole.Length > 0 && char.IsHighSurrogate(whole[^1]) ? whole[^1] : '\0';
        var rest = pending == 0 ? whole.AsSpan() : whole.AsSpan(0, whole.Length - 1);
        if (Ascii.IsValid(rest)) Add(1, 1, rest.Length);
        else foreach (var rune in rest.EnumerateRunes()) Add(codePoints ? 1 : rune.Utf16SequenceLength, rune.Utf8SequenceLength, 1);
    }

    /// <summary>The bytes before a character, that of the whole pair for the half of one; null: it is not
    /// there.</summary>
    public long? BytesBefore(long chars)
    {
        if (chars < 0 || chars > Length) return null;
        var bytes = 0L;
        foreach (var (width, size, runes) in runs)
        {
            if (chars <= (long)width * runes) return bytes + (chars / width * size);
            bytes += (long)size * runes;
            chars -= (long)width * runes;
        }

        return chars == 0 && !isLost ? bytes : null;
    }

    private void Add(int chars, int width, int count)
    {
        if (count == 0) return;
        Length += (long)chars * count;
        Bytes += (long)width * count;
        if (runs is [.., var last] && last.Chars == chars && last.Width == width) runs[^1] = last with { Runes = last.Runes + count };
        else if (runs.Count < MaxRuns && !isLost) runs.Add((chars, width, count));
        else isLost = true;
    }
}
