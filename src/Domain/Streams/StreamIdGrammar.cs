using System.Buffers;

namespace EventSourcedStreams.Domain;

/// <summary>The ids that can be addressed on every surface: <c>[A-Za-z0-9][A-Za-z0-9._~-]{0,127}</c>. A log may hold
/// others, from before a surface asked; those are still read, and deleted by the audit tool.</summary>
internal static class StreamIdGrammar
{
    public const string Words = "1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, the first a letter or digit";

    private const int MaxChars = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    public static bool Allows(string id) =>
        id.Length is >= 1 and <= MaxChars && char.IsAsciiLetterOrDigit(id[0]) && id.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
