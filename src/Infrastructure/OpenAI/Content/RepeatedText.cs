namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Keeps an answer's text from being taken twice: some providers send it in pieces and then as a whole, or each time
/// from its beginning. The text itself is not kept, only its length and a hash.
/// </summary>
internal sealed class RepeatedText
{
    /// <summary>A message as long as this that begins with all the text before it repeats it. A shorter one may be the
    /// same word again.</summary>
    private const int SureChars = 16;

    private readonly TextPrint print = new();
    private bool hasPieces;
    private bool? isCumulative;
    private string? held;

    /// <summary>A message came that neither repeats the text nor goes on from it.</summary>
    public bool IsContradicted { get; private set; }

    /// <summary>What of this text is new.</summary>
    public string New(string text, ChatTextForm form)
    {
        if (form == ChatTextForm.Piece || (form == ChatTextForm.Field && !hasPieces))
        {
            hasPieces |= form == ChatTextForm.Piece;
            return Taken(text);
        }

        if (print.Length == 0 && held is null) return Taken(text);
        return hasPieces || form != ChatTextForm.Message ? RestOf(text) : NewOfMessage(text);
    }

    /// <summary>What was held back because it might have been a repetition, and was not.</summary>
    public string Rest()
    {
        var rest = held is null ? "" : print.RestOf(held)!;
        held = null;
        return Taken(rest);
    }

    /// <summary>Messages with no deltas: each is one more piece, or all the text so far and one piece more.</summary>
    private string NewOfMessage(string text)
    {
        if (isCumulative is null && print.RestOf(text) is not null && print.Length < SureChars && held is null)
        {
            held = text;                                                                 // the next message tells which
            return "";
        }

        var before = held;
        held = null;
        isCumulative ??= before is null ? print.RestOf(text) is not null : text.StartsWith(before, StringComparison.Ordinal);
        if (isCumulative == true) return RestOf(text);
        if (before is not null) before = Taken(before);
        return before + (print.Length >= SureChars && print.RestOf(text) is { Length: 0 } ? "" : Taken(text));
    }

    private string RestOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        if (print.RestOf(text) is { } rest) return Taken(rest);
        IsContradicted = true;
        return "";
    }

    private string Taken(string text)
    {
        print.Add(text);
        return text;
    }
}
