namespace EventSourcedStreams.Audit.Commands;

/// <summary>Two texts that differ, cut to where they do.</summary>
internal static class Excerpts
{
    private const int Before = 24;
    private const int After = 56;

    public static (string? A, string? B) Of(string? a, string? b)
    {
        if (a is null || b is null) return (a is null ? null : Cut(a, 0), b is null ? null : Cut(b, 0));
        var same = a.AsSpan().CommonPrefixLength(b);
        return (Cut(a, same), Cut(b, same));
    }

    private static string Cut(string text, int at)
    {
        var from = text.Length <= Before + After ? 0 : Whole(text, Math.Max(0, Math.Min(at, text.Length) - Before));
        var to = Whole(text, Math.Min(text.Length, from + Before + After));
        return (from > 0 ? "…" : "") + text[from..to] + (to < text.Length ? "…" : "");
    }

    /// <summary>Not inside a code point.</summary>
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
