using System.Text;

namespace EventSourcedStreams.Client;

/// <summary>How much of a text has been handed on, so that none is twice.</summary>
internal sealed class ShownText
{
    /// <summary>UTF-8 bytes from the text's beginning; null: not known before the first piece.</summary>
    public long? Length { get; set; }

    /// <summary>What of a piece is new; empty: nothing. Null: there is text missing before it.</summary>
    public (string Text, long Offset)? Rest(string text, long offset)
    {
        var shown = Length ?? offset;
        if (offset > shown) return null;
        var (at, before) = (0, offset);
        while (before < shown && at < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var chars);
            (at, before) = (at + chars, before + rune.Utf8SequenceLength);
        }

        var rest = at == 0 ? text : text[at..];
        Length = Math.Max(shown, before + Encoding.UTF8.GetByteCount(rest));
        return (rest, before);
    }
}
