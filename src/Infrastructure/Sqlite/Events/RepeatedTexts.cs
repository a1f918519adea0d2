using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>Types and content types: the same few again and again, so that not each row makes strings of its
/// own.</summary>
internal sealed class RepeatedTexts
{
    private const int Kept = 32;

    private readonly List<(byte[] Utf8, string Text)> texts = [];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, text) in texts)
            if (utf8.SequenceEqual(known)) return text;

        var added = Encoding.UTF8.GetString(utf8);
        if (texts.Count < Kept) texts.Add((utf8.ToArray(), added));
        return added;
    }
}
