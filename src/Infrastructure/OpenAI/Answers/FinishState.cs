namespace EventSourcedStreams.OpenAI;

/// <summary>What an answer's reasons to end are worth. Some providers give one in every chunk: such a reason says
/// nothing by itself.</summary>
internal sealed class FinishState
{
    private bool isSure;
    private bool wasWrong;
    private bool hasSpokenWithout;

    /// <summary>The last one, as the provider spells it; null: there is none, or text has followed it.</summary>
    public string? Reason { get; private set; }

    /// <summary>The reason, where it is no good one.</summary>
    public string? BadReason => Reason is not null && !FinishReasons.IsGood(Reason) ? Reason : null;

    /// <summary>The answer was over, and whatever broke off after it is not text.</summary>
    public bool IsSureEnd => Reason is not null && BadReason is null && isSure && !wasWrong;

    /// <summary>No reason before this one was followed by text.</summary>
    public bool MayBeEnd => Reason is not null && !wasWrong;

    /// <param name="hasText">The piece has text.</param>
    /// <param name="speaks">It has text, reasoning, a tool call: anything of the model's.</param>
    public void Apply(bool hasText, bool speaks, string? given)
    {
        if (hasText && Reason is not null)
        {
            wasWrong = true;
            if (!EventNames.IsError(Reason)) Reason = null;
        }

        if (given is null) hasSpokenWithout |= speaks;
        else if (BadReason is null) (Reason, isSure) = (given, hasSpokenWithout);
    }
}
