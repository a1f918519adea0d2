using System.Text.RegularExpressions;

namespace EventSourcedStreams.OpenAI;

/// <summary>Takes keys out of what a provider says: some echo the one that they refuse, whole or in part.</summary>
internal sealed partial class SecretRemoval
{
    private const string Removed = "[removed]";

    /// <summary>Of a long key its beginning alone gives a masked echo away (gsk_ab****wxyz); of a short one that may be a word.</summary>
    private const int LongKeyChars = 20;
    private const int BeginningChars = 6;

    private readonly string? key;
    private readonly Regex? beginning;

    public SecretRemoval(string? key)
    {
        this.key = key;
        if (key is { Length: >= LongKeyChars }) beginning = new Regex(Regex.Escape(key[..BeginningChars]) + @"[^\s""'<>]*");
    }

    public string Clean(string text)
    {
        if (key is not null) text = text.Replace(key, Removed, StringComparison.OrdinalIgnoreCase);
        if (beginning is not null) text = beginning.Replace(text, Removed);
        return KeysOfAnyone().Replace(text, Removed);
    }

    [GeneratedRegex(@"\bsk-[\w*.\-…]{3,}|(?<=\bbearer\s{1,8})[^\s""'<>]+", RegexOptions.IgnoreCase)]
    private static partial Regex KeysOfAnyone();
}
