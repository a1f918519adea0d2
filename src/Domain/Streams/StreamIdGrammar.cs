using System.Buffers;

namespace EventSourcedStreams.Domain;

/// <summary>The ids under which a text may be written, whatever writes it: the HTTP API, the served protocol, the audit
/// tool. What is there already under another id can be read and deleted, not begun or gone on with.</summary>
internal static class StreamIdGrammar
{
    /// <summary>As a client is told; the same as <c>[A-Za-z0-9][A-Za-z0-9._~-]{0,127}</c>.</summary>
    public const string Words = "1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, the first a letter or digit";

    private const int MaxChars = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    /// <summary>Why <see cref="IsKept"/> ids are refused, and what to do.</summary>
    public const string KeptWords = "New ids do not end in one '~' and digits: those are kept for chats. Choose another, as 'report-7' instead of 'report~7'";

    /// <summary>Whether an id ends in one <c>~</c> and digits. No new stream has such an id; what is there already is
    /// served, followed and copied as any other.</summary>
    public static bool IsKept(string id) =>
        id.AsSpan().TrimEnd("0123456789") is [.., not '~', '~'] beginning && beginning.Length < id.Length;

    public static bool Allows(string id) =>
        id.Length is >= 1 and <= MaxChars && char.IsAsciiLetterOrDigit(id[0]) && id.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
