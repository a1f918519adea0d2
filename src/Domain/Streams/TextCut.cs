using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>Cuts Unicode text by its size, always on a code point.</summary>
internal static class TextCut
{
    /// <summary>What takes more than its one UTF-8 byte as a stored JSON string.</summary>
    internal static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>The longest beginning of at most so many UTF-8 bytes.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? ToBytes(string? text, int bytes) =>
        text is null || text.Length * 3L <= bytes || Encoding.UTF8.GetByteCount(text) <= bytes ? text : text[..Chars(text, bytes, int.MaxValue)];

    /// <summary>The text, or null where it is longer: for what makes no sense cut.</summary>
    public static string? Within(string? text, int bytes) =>
        text is null || Encoding.UTF8.GetByteCount(text) <= bytes ? text : null;

    /// <summary>How many UTF-16 code units from the start take at most so many UTF-8 bytes, and so many as a stored
    /// JSON string.</summary>
    public static int Chars(ReadOnlySpan<char> text, int bytes, int encodedBytes)
    {
        // The worst a code unit can do is three bytes, and six encoded.
        if (text.Length <= bytes / 3 && text.Length <= encodedBytes / 6) return text.Length;

        var chars = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            encodedBytes -= EncodedBytes(rune);
            if (bytes < 0 || encodedBytes < 0) break;
            chars += rune.Utf16SequenceLength;
        }

        return chars;
    }

    /// <summary>The size as a stored JSON string, without its quotation marks; see <see cref="TextLimits"/>.</summary>
    public static int EncodedBytes(ReadOnlySpan<char> text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        for (var rest = text; rest.IndexOfAny(Escaped) is var at and >= 0; rest = rest[(at + 1)..]) bytes += EncodedBytes(new Rune(rest[at])) - 1;
        return bytes;
    }

    private static int EncodedBytes(Rune rune) => rune.Value switch
    {
        '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t' => 2,
        < 0x20 => 6,
        _ => rune.Utf8SequenceLength,
    };
}
