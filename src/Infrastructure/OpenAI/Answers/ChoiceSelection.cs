namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Picks one answer where a provider sends several, though one was asked for. The index alone does not tell: with some
/// servers it is the choice's, with others it grows with every chunk of one choice. So text under a second index is
/// held until what follows tells which.
/// </summary>
internal sealed class ChoiceSelection
{
    private const int MaxHeldChars = 64 * 1024;

    private readonly List<ChatPiece> held = [];
    private int? chosen;
    private int last;
    private bool isFinished;
    private bool wasFinishedBefore;
    private bool isGrowing;
    private bool areSeveral;

    /// <summary>The choice whose tool calls are the answer's: some servers put an answer's text and its calls into two
    /// choices.</summary>
    private int? callsOf;

    /// <summary>Choices came that cannot be told apart.</summary>
    public bool IsUnclear { get; private set; }

    /// <summary>A reason to end is among what is held.</summary>
    public bool HoldsReason => !isFinished && held.Any(piece => piece.FinishReason is not null);

    /// <summary>The pieces of one chunk that belong to the answer, in their order, after those held before that
    /// do.</summary>
    public IReadOnlyList<ChatPiece> Of(List<ChatPiece> pieces)
    {
        if (pieces is [var only]) return OfOne(only with { Index = only.Index ?? chosen ?? 0 });
        var numbered = pieces.Select((piece, place) => piece with { Index = piece.Index ?? place }).ToArray();
        return numbered.Select(piece => piece.Index).Distinct().Count() > 1 ? OfSeveral(numbered) : [.. numbered.SelectMany(OfOne)];
    }

    /// <summary>What was held and is part of the answer after all.</summary>
    public IReadOnlyList<ChatPiece> Rest()
    {
        ChatPiece[] rest = [.. held];
        held.Clear();
        // Two that have finished are two answers. What only one finishes is one, unless it was over when the other
        // index began.
        if (areSeveral || rest.Length == 0 || (isFinished && rest.Any(piece => piece.FinishReason is not null))) return [];
        return wasFinishedBefore ? Unclear(rest[0]) : rest;
    }

    private IReadOnlyList<ChatPiece> OfOne(ChatPiece piece)
    {
        var index = piece.Index!.Value;
        if (chosen is null || index == (isGrowing ? last : chosen)) return Chosen(piece);
        if (piece.Text is not null || piece.Said.Count == 0) return OfOther(piece, index);
        return [.. Beside(piece), .. OfOther(piece with { Said = [] }, index)];
    }

    private IReadOnlyList<ChatPiece> OfOther(ChatPiece piece, int index)
    {
        if (piece.Text is null && piece.FinishReason is null) return [];
        if (isGrowing && (index > last || piece.Text is null))
        {
            last = Math.Max(index, last);
            return [piece];
        }

        if (areSeveral) return [];
        if (isGrowing || index < chosen) return Unclear(piece);
        if (held is [.., var before] && index > before.Index)
        {
            (isGrowing, last) = (true, index);
            ChatPiece[] all = [.. held, piece];
            held.Clear();
            return all;
        }

        if (held.Count == 0) wasFinishedBefore = isFinished;
        held.Add(piece);
        return held.Sum(each => each.Text?.Length ?? 0) > MaxHeldChars ? Unclear(piece) : [];
    }

    private IReadOnlyList<ChatPiece> OfSeveral(ChatPiece[] pieces)
    {
        var spoken = pieces.Where(piece => piece.Text is not null).ToArray();
        if (isGrowing && spoken is [var first, ..]) return Unclear(first);
        areSeveral = true;
        held.Clear();
        var own = chosen ?? (spoken.Length > 0 ? spoken : pieces).Min(piece => piece.Index);
        if (spoken.Any(piece => piece.Index < own)) return Unclear(spoken[0]);
        return [.. pieces.Where(piece => piece.Index == own).SelectMany(Chosen), .. pieces.Where(piece => piece.Index != own && piece.Text is null).SelectMany(Beside)];
    }

    /// <summary>What a piece without text, of another index than the answer's, says for the answer.</summary>
    private ChatPiece[] Beside(ChatPiece piece)
    {
        if (piece.HasCalls) callsOf ??= piece.Index;
        return piece.Said.Count > 0 && (!areSeveral || (piece.HasCalls && callsOf == piece.Index)) ? [piece with { FinishReason = null }] : [];
    }

    private IReadOnlyList<ChatPiece> Chosen(ChatPiece piece)
    {
        if (piece.Text is not null)
        {
            chosen ??= last = piece.Index!.Value;
            areSeveral |= held.Count > 0; // it speaks again: the other index was another choice
            held.Clear();
        }

        if (piece.HasCalls) callsOf ??= piece.Index;
        isFinished |= piece.FinishReason is not null && chosen is not null;
        return [piece];
    }

    private IReadOnlyList<ChatPiece> Unclear(ChatPiece piece)
    {
        IsUnclear |= piece.Text is not null;
        return [];
    }
}
