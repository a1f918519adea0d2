using System.Globalization;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Cuts a text as a model's tokens would: a word, or a part of a long one, with the space before it; a punctuation
/// mark; one or two CJK characters; line breaks. Never inside what a reader sees as one character. Put together again,
/// the tokens are the text.
/// </summary>
internal static class DemoTokens
{
    private const int MaxWordChars = 10;
    private const int MaxIdeographs = 2;

    public static IReadOnlyList<string> Of(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = LengthOfToken(text.AsSpan(at));
            tokens.Add(text.Substring(at, length));
            at += length;
        }

        return tokens;
    }

    /// <summary>After such a token a reader expects a new sentence, or nothing more.</summary>
    public static bool EndsSentence(string token) => token.TrimEnd() is "" or [.., '.' or '!' or '?' or '。' or '！' or '？'];

    private static int LengthOfToken(ReadOnlySpan<char> rest)
    {
        var lines = rest.IndexOfAnyExcept("\r\n");
        if (lines != 0) return lines < 0 ? rest.Length : lines;

        var space = rest[0] == ' ' ? 1 : 0;
        var word = rest[space..];
        if (word.IsEmpty || char.IsWhiteSpace(word[0])) return 1;
        var alike = Count(word, MaxIdeographs, IsIdeograph);
        if (alike == 0) alike = Count(word, MaxWordChars, c => char.IsLetterOrDigit(c) && !IsIdeograph(c));
        return space + WholeCharacters(word, atLeast: Math.Max(alike, 1));
    }

    private static int Count(ReadOnlySpan<char> text, int max, Func<char, bool> belongs)
    {
        var count = 0;
        while (count < Math.Min(text.Length, max) && belongs(text[count])) count++;
        return count;
    }

    /// <summary>A combining mark or the rest of an emoji goes with what it stands on.</summary>
    private static int WholeCharacters(ReadOnlySpan<char> text, int atLeast)
    {
        var length = 0;
        while (length < atLeast) length += StringInfo.GetNextTextElementLength(text[length..]);
        return length;
    }

    private static bool IsIdeograph(char c) => c is (>= '\u3041' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3');
}
