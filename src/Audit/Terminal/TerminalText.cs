using System.Globalization;
using System.Text;

namespace EventSourcedStreams.Audit.Terminal;

/// <summary>Stored text made fit for a terminal: it must not be able to move the cursor, change colours, turn the
/// direction of writing or hide letters on the reader's screen.</summary>
public static class TerminalText
{
    /// <summary>Every control and format character, line and paragraph separator and lone surrogate becomes
    /// <c>\uXXXX</c>, in JSON the same text. The joiners that letters and emoji need stay.</summary>
    /// <param name="keep">Characters that stay as they are, such as <c>"\n\t"</c>.</param>
    public static string Escape(string text, string keep = "")
    {
        var first = 0;
        while (first < text.Length && char.IsAscii(text[first]) && (!char.IsControl(text[first]) || keep.Contains(text[first]))) first++;
        if (first == text.Length) return text;

        var escaped = new StringBuilder(text, 0, first, text.Length + 16);
        Span<char> units = stackalloc char[2];
        for (var at = first; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isWhole ? rune.EncodeToUtf16(units) : 1;
            if (isWhole && (!IsUnfit(rune) || (length == 1 && keep.Contains(units[0])))) escaped.Append(units[..length]);
            else
                foreach (var unit in text.AsSpan(at, length)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
            at += length;
        }

        return escaped.ToString();
    }

    private static bool IsUnfit(Rune rune) => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
