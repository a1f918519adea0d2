
namespace EventSourcedStreams.Domain;

/// <summary>
/// What the names of our event streams begin with, so that they may stand beside others': a stem of letters and digits
/// (ASCII) and one <c>-</c>. Texts are named prefix and id; what the nodes say to each other has the stem, a full stop
/// and a word.
/// </summary>
internal readonly record struct StreamPrefix
{
    private const string DefaultStem = "text";

    private readonly string? stem;

    private StreamPrefix(string stem) => this.stem = stem == DefaultStem ? null : stem;

    /// <summary><c>text-</c>.</summary>
    public static StreamPrefix Default => default;

    /// <summary>What every text's stream begins with.</summary>
    public string Texts => Stem + "-";

    /// <summary>What every stream begins with in which nodes speak to each other.</summary>
    internal string Services => Stem + ".";

    public string Requests => Stem + ".requests";

    public string Log => Stem + ".log";

    /// <summary>The record of access.</summary>
    public string Access => Stem + ".access";

    /// <summary>Which jobs were asked for.</summary>
    public string Jobs => Stem + ".jobs";

    /// <summary>How far a job has come.</summary>
    public string Job(string job) => $"{Stem}.job-{job}";

    /// <summary>How far a handler of endings has come.</summary>
    public string Ended(string handler) => $"{Stem}.ended-{handler}";

    private string Stem => stem ?? DefaultStem;

    /// <exception cref="FormatException">Not letters and digits and one <c>-</c>.</exception>
    public static StreamPrefix Parse(string text) =>
        TryParse(text, out var prefix)
            ? prefix
            : throw new FormatException($"A stream prefix is letters and digits and one '-', as 'text-'; '{text}' is not.");

    public static bool TryParse(string? text, out StreamPrefix prefix)
    {
        var parses = text is [_, .., '-'] && text.AsSpan(0, text.Length - 1).IndexOfAnyExcept(AsciiLettersAndDigits) < 0;
        prefix = parses ? new StreamPrefix(text![..^1]) : default;
        return parses;
    }

    public string Text(StreamId id) => Texts + id.Value;

    public string Node(string node) => $"{Stem}.node-{node}";

    /// <summary>False for the name of a stream that is not a text of ours.</summary>
    public bool TryGetText(string streamName, out StreamId id)
    {
        id = default;
        var prefix = Texts;
        if (!streamName.StartsWith(prefix, StringComparison.Ordinal)) return false;
        var rest = streamName[prefix.Length..];
        if (rest.Length is 0 or > StreamId.MaxChars) return false;
        id = new StreamId(rest);
        return true;
    }

    public bool IsNode(string streamName) => streamName.StartsWith(Node(""), StringComparison.Ordinal);

    /// <inheritdoc cref="Texts"/>
    public override string ToString() => Texts;

    private static readonly System.Buffers.SearchValues<char> AsciiLettersAndDigits =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
