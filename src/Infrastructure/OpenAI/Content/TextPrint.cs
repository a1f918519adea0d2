namespace EventSourcedStreams.OpenAI;

/// <summary>A text's length and hash, white space at its ends aside: enough to know it again at another text's
/// beginning.</summary>
internal sealed class TextPrint
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong hash = Basis;
    private ulong trailing = Basis;
    private int trailingChars;

    /// <summary>UTF-16 code units from the first to the last that is no white space.</summary>
    public int Length { get; private set; }

    public void Add(string text)
    {
        foreach (var c in text)
        {
            if (Length == 0 && trailingChars == 0 && char.IsWhiteSpace(c)) continue;
            trailing = (trailing ^ c) * Prime;
            trailingChars++;
            if (char.IsWhiteSpace(c)) continue;
            (hash, Length) = (trailing, Length + trailingChars);
            trailingChars = 0;
        }
    }

    /// <summary>What follows this text in <paramref name="text"/>, which begins with it; null: it does not.</summary>
    public string? RestOf(string text)
    {
        var begun = text.AsSpan().TrimStart();
        if (begun.Length < Length) return null;
        var other = Basis;
        foreach (var c in begun[..Length]) other = (other ^ c) * Prime;
        if (other != hash) return null;
        var rest = begun[Length..];
        var white = 0;
        while (white < rest.Length && white < trailingChars && char.IsWhiteSpace(rest[white])) white++;
        return rest[white..].ToString();
    }
}
