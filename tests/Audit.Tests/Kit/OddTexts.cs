namespace EventSourcedStreams.Audit.Tests;

/// <summary>Pieces of text in which something could go wrong.</summary>
internal static class OddTexts
{
    public static readonly string[] Pieces =
    [
        "Hello. ",
        "a\r\nb\rc\n",
        "👩‍👩‍👧 and 🏳️‍🌈. ",
        "nul \0, escape \u001b[31m, bell \a. ",
        "日本語。",
        "\u202Eturned\u202C ",
        "\uFEFF",
        "<script>alert('1')</script> & \"q\" \\u001B ",
        "e\u0301",
        "\U0010FFFF\t",
    ];

    public static string[] Some(Random random) => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)])];
}
