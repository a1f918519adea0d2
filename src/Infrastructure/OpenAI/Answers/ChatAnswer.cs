namespace EventSourcedStreams.OpenAI;

/// <summary>What one answer has said so far, chunk by chunk: which text of it is new, and what speaks against a good
/// end.</summary>
/// <param name="soundType">The media type of sound that it may hold.</param>
internal sealed class ChatAnswer(AnswerFaults faults, string soundType)
{
    private readonly AnswerParts parts = new(faults.Provider, soundType);
    private readonly ChoiceSelection choices = new();
    private readonly RepeatedText repeated = new();
    private readonly FinishState finish = new();

    private bool hasText;
    private bool hasEvents;
    private bool isPaid;
    private bool isPassedOver;
    private string? unread;
    private string? stray;
    private string? usage;

    /// <summary>What ends the answer badly, once its text so far has been taken.</summary>
    public ProviderFault? Fault { get; private set; }

    /// <summary>Nothing more is expected.</summary>
    public bool IsOver { get; private set; }

    /// <summary>It has given a reason to end, and a silence would be its end.</summary>
    public bool MayBeOver => finish.MayBeEnd || choices.HoldsReason;

    /// <summary>What more may come is waited for with a call's beginning.</summary>
    public bool HoldsCall => parts.HoldsCall;

    /// <summary>What is new with this chunk.</summary>
    public IReadOnlyList<ChatUpdate> Apply(ChatChunk chunk)
    {
        parts.NextChunk(chunk.ResponseId, chunk.Model);
        hasEvents |= chunk.Speaks || chunk.IsObject;
        isPaid |= chunk.IsPaid;
        isPassedOver |= chunk.IsPassedOver;
        unread ??= chunk.Unread;
        usage = chunk.Usage ?? usage;
        IsOver |= chunk.IsLast;
        foreach (var piece in choices.Of(chunk.Pieces)) Add(piece);
        if (chunk.Beside.Count > 0) parts.Add(new ChatPiece(null, null, ChatTextForm.Piece, null) { Said = chunk.Beside }, "");
        if (chunk.Error is { } error) Fault ??= faults.Error(hasText, error);
        else if (choices.IsUnclear) Fault ??= faults.Unclear(hasText);
        else if (repeated.IsContradicted) Fault ??= faults.Unreadable(hasText, "sent its text twice, and not the same.");
        else if (chunk.Malformed is { } words) EndUnless(finish.IsSureEnd, faults.Malformed(hasText, words));
        return parts.Taken();
    }

    /// <summary>A call that is held back begins.</summary>
    public IReadOnlyList<ChatUpdate> Settle()
    {
        parts.Settle();
        return parts.Taken();
    }

    /// <summary>A line that belongs to no event. A body that begins with one is a page, or a proxy's words.</summary>
    public void ApplyStray(string line)
    {
        stray ??= line;
        if (!hasEvents && stray.StartsWith('<')) Fault ??= faults.NoStream(null);
    }

    public void ApplyTooLarge() => EndUnless(finish.IsSureEnd, faults.TooLarge(hasText));

    /// <summary>What was still held back, and where the end is a good one what follows from it; else
    /// <see cref="Fault"/> is set.</summary>
    public IReadOnlyList<ChatUpdate> Finish(BodyEnd end)
    {
        foreach (var piece in choices.Rest()) Add(piece);
        var text = repeated.Rest();
        hasText |= text.Length > 0;
        parts.AddText(text);
        Fault ??= choices.IsUnclear ? faults.Unclear(hasText)
            : finish.BadReason is { } reason ? faults.BadEnd(hasText, reason)
            : unread is not null ? faults.Unreadable(hasText, $"sent content of a kind that is not known ({unread}); what could be read is kept.")
            : isPassedOver && !hasText && !parts.HasContent ? faults.Malformed(hasText, "")
            : IsGood(end) ? null
            : end == BodyEnd.Done ? faults.Empty()
            : stray is not null && !hasEvents && end == BodyEnd.Whole ? faults.NoStream(stray)
            : faults.Interrupted(end, mayRetry: !isPaid && !hasText && !(hasEvents && end == BodyEnd.Whole));
        if (Fault is null) parts.End(finish.Reason, usage);
        return parts.Taken();
    }

    public ChatUpdate.End End => new(finish.Reason, usage);

    private bool IsGood(BodyEnd end) => end switch
    {
        BodyEnd.Done => hasText || parts.HasContent || finish.Reason is not null,
        BodyEnd.Whole or BodyEnd.Silent => finish.Reason is not null,
        _ => finish.IsSureEnd,
    };

    private void EndUnless(bool isEnd, ProviderFault fault)
    {
        IsOver |= isEnd;
        if (!isEnd) Fault ??= fault;
    }

    private void Add(ChatPiece piece)
    {
        var text = piece.Text is null ? "" : repeated.New(piece.Text, piece.Form);
        hasText |= text.Length > 0;
        finish.Apply(text.Length > 0, text.Length > 0 || piece.HasMore, piece.FinishReason);
        parts.Add(piece, text);
    }
}
