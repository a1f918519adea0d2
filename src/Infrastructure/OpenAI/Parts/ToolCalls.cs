namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Which pieces make one call. The protocol tells it by the index alone; providers give all calls the same one, none,
/// or count it on with every piece; they send ids late, empty, anew with each piece, or the same for several calls. So
/// what tells calls apart is all of it together: a known id, an index, a name, and whether the arguments before are a
/// whole value already.
/// </summary>
internal sealed class ToolCalls
{
    private readonly List<OpenToolCall> calls = [];
    private readonly Dictionary<int, OpenToolCall> byIndex = [];
    private OpenToolCall? last;

    public bool HasAny => calls.Count > 0;

    /// <summary>A call waits for its name's rest, or for its arguments.</summary>
    public bool HoldsAny => last is { Part: null };

    /// <param name="chunk">Counts the chunks of the answer.</param>
    /// <returns>The call that the piece belongs to.</returns>
    public OpenToolCall Apply(List<ChatUpdate> updates, ChatSaid.ToolCall said, ChatTextForm form, int chunk)
    {
        var call = form == ChatTextForm.Piece ? Continued(said, chunk) : Repeated(said) ?? Continued(said, chunk);
        if (call is null)
        {
            call = new OpenToolCall(said.IsText, said.IsProviders) { Chunk = chunk, Index = said.Index };
            if (said.Name is null && said.Arguments is not null && last is { IsComplete: true } before && said.Index == before.Index) call.Head(null, before.Name);
            calls.Add(call);
        }
        else if (IsFull(call) && call.HasSame(said.Arguments))
        {
            return call;                                                                 // said twice
        }

        if (said.Index is { } index) byIndex[index] = call;
        if (call != last) Settle(updates);
        last = call;
        call.Head(said.Id, said.Name);
        call.Arguments(updates, said.Arguments, form);
        return call;
    }

    public bool Has(int index) => byIndex.ContainsKey(index);

    public OpenToolCall? Find(int? index, string? id) =>
        id is not null ? calls.FindLast(call => call.Id == id) : index is { } place && byIndex.TryGetValue(place, out var call) ? call : last;

    /// <summary>What waits begins: something else is being said.</summary>
    public void Settle(List<ChatUpdate> updates) => last?.Begin(updates);

    /// <summary>All that was said is complete.</summary>
    public void End(List<ChatUpdate> updates)
    {
        foreach (var call in calls) call.End(updates);
    }

    /// <summary>The call of whose beginning or whole this is one more saying; null: it is a new one.</summary>
    private OpenToolCall? Repeated(ChatSaid.ToolCall said) =>
        said.Id is not null
            ? calls.Find(call => call.Id == said.Id && Fits(call, said.Name) && (!IsFull(call) || string.IsNullOrWhiteSpace(said.Arguments) || call.HasSame(said.Arguments)))
            : calls.Find(call => call.Name == said.Name && call.HasSame(said.Arguments));

    private OpenToolCall? Continued(ChatSaid.ToolCall said, int chunk)
    {
        var at = said.Index is { } index ? byIndex.GetValueOrDefault(index) : null;
        if (said.Id is not null && (at?.Id == said.Id ? at : calls.FindLast(call => call.Id == said.Id)) is { } known) return IsAnother(known, said, chunk) ? null : known;
        var there = said.Index is not null ? at : said.Place is { } place && said.Name is null ? InPlace(place, chunk) : last;
        if (said.Name is null) return OfNameless(there, said);
        if (there is null) return last is { Name: null, HasEnded: false } && said.Index is null ? last : null;
        if (there.Name is null && !there.HasEnded) return there;
        if (said.Index is null && there.Chunk == chunk) return null;                      // two in one list
        if (said.Id is not null && there.Id is not null && !GoesOn(there, said)) return null;
        return IsAnother(there, said, chunk) ? null : there;
    }

    /// <summary>Arguments alone go to the call with their index; where none has it, to the one that is being
    /// said.</summary>
    private OpenToolCall? OfNameless(OpenToolCall? there, ChatSaid.ToolCall said)
    {
        if (there is null || (IsFull(there) && last is { IsComplete: false })) there = last is { } open && !IsFull(open) ? open : there;
        if (string.IsNullOrWhiteSpace(said.Arguments)) return there ?? last;
        return there is null || (IsFull(there) && !there.HasSame(said.Arguments)) ? null : there;
    }

    /// <summary>Whether a piece with a name, an id or index that a call has, is of another call all the same.</summary>
    private static bool IsAnother(OpenToolCall call, ChatSaid.ToolCall said, int chunk)
    {
        var hasOthers = !string.IsNullOrWhiteSpace(said.Arguments) && !call.HasSame(said.Arguments);
        if (said.Name is null) return IsFull(call) && hasOthers;
        if (call.Name is null && !call.HasEnded) return false;
        if (said.Id is not null && said.Index is not null && call.Index is not null && said.Index != call.Index) return true;
        if (IsFull(call)) return call.Name != said.Name || hasOthers;
        if (!call.IsBare) return call.Name != said.Name;
        return call.Chunk == chunk || (said.Id is not null && call.Id is null && !Fits(call, said.Name));
    }

    /// <summary>Its arguments are whole, and no place holder's: more of them would be another call's.</summary>
    private static bool IsFull(OpenToolCall call) => call is { IsComplete: true, IsBare: false };

    /// <summary>A piece with an id and a name of its own that goes on with arguments that are not whole yet.</summary>
    private static bool GoesOn(OpenToolCall call, ChatSaid.ToolCall said) =>
        call.HasArguments && !call.IsComplete && call.Name == said.Name && !string.IsNullOrEmpty(said.Arguments) && !said.Arguments.TrimStart().StartsWith('{');

    private static bool Fits(OpenToolCall call, string? name) => name is null || call.Name is null || name.StartsWith(call.Name, StringComparison.Ordinal);

    /// <summary>Of the calls that one list began, the one with that place.</summary>
    private OpenToolCall? InPlace(int place, int chunk)
    {
        var begun = calls.LastOrDefault(call => call.Chunk != chunk)?.Chunk;
        return calls.Where(call => call.Chunk == begun).ElementAtOrDefault(place) ?? last;
    }
}
