using System.Text.RegularExpressions;

namespace EventSourcedStreams.OpenAI;

/// <summary>Takes keys out of what a provider says: some echo the one that they refuse, whole or in part.</summary>
internal sealed partial class SecretRemoval(IReadOnlyList<string> secrets)
{
    private const string Removed = "[removed]";

    /// <summary>Shorter ones are words, and would take ordinary text with them.</summary>
    private const int ShortestChars = 4;

    /// <summary>Of a long key its beginning alone gives a masked echo away (gsk_ab****wxyz); of a short one that may be
    /// a word.</summary>
    private const int LongKeyChars = 20;
    private const int BeginningChars = 6;

    private readonly string[] whole = [.. secrets.Where(secret => secret.Length >= ShortestChars)];
    private readonly Regex[] beginnings =
    [
        .. secrets.Where(secret => secret.Length >= LongKeyChars)
            .Select(secret => new Regex(Regex.Escape(secret[..BeginningChars]) + @"[^\s""'<>]*")),
    ];

    /// <summary>Whether a header or a part of a query is, by its name, one to keep out of messages.</summary>
    public static bool NamesSecret(string name) => SecretName().IsMatch(name);

    public string Clean(string text)
    {
        foreach (var secret in whole) text = text.Replace(secret, Removed, StringComparison.OrdinalIgnoreCase);
        foreach (var beginning in beginnings) text = beginning.Replace(text, Removed);
        return CommonKeys().Replace(text, Removed);
    }

    [GeneratedRegex(@"key|token|auth|secret|password|cookie|signature|\bsig\b|\bcode\b", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\bsk-[\w*.\-…]{3,}|(?<=\bbearer\s{1,8})[^\s""'<>]+", RegexOptions.IgnoreCase)]
    private static partial Regex CommonKeys();
}
