using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// What waits for a driver, in order, and what its reader has taken and not yet sent: both together are bounded by
/// their text. Under its queue's lock.
/// </summary>
/// <param name="maxChars">UTF-16 code units; a single piece that is longer passes while nothing else waits.</param>
/// <param name="memory">The node's budget, of which what waits is a part; while that is used up, much less may
/// wait.</param>
internal sealed class DriverBacklog(int maxChars, TextMemory? memory)
{
    /// <summary>Items that wait as they came; what comes after them is joined, since a short piece costs many times its
    /// text.</summary>
    private const int MaxItems = 64;

    /// <summary>UTF-16 code units that a driver may be behind while the node's budget is used up.</summary>
    private const int ScarceChars = 64 * 1024;

    /// <summary>UTF-16 code units that the reader takes at a time, or a single longer piece: what it has taken a drop
    /// does not free.</summary>
    private const int TakeChars = 64 * 1024;

    private readonly JoinedTexts joined = new();                                 // comes after the items that wait
    private List<DriverItem> waiting = [];
    private DriverSaved? joinedSaved;                                            // comes after the joined text
    private int waitingChars;
    private int takenChars;

    public bool IsEmpty => waiting.Count == 0;

    /// <returns>False: there is no room for it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public bool TryAdd(string text)
    {
        if (!TryHold(text.Length)) return false;
        if (waiting.Count < MaxItems && joined.IsEmpty) waiting.Add(new DriverItem(text, null, null));
        else joined.Add(text);
        return true;
    }

    /// <returns>False: there is no room for it.</returns>
    public bool TryAdd(DriverPart part)
    {
        if (!TryHold(part.Chars)) return false;
        if (part is DriverPart.TextCame text && (waiting.Count >= MaxItems || !joined.IsEmpty))
        {
            joined.Add(text);
            return true;
        }

        AddJoined();                                                             // no text joins over a start or an end
        waiting.Add(new DriverItem(null, null, null) { Part = part });
        return true;
    }

    /// <summary>Only the newest says something, and it may come after text that is newer still.</summary>
    public void Add(DriverSaved saved)
    {
        var mark = new DriverItem(null, saved, null);
        if (!joined.IsEmpty || joinedSaved is not null) joinedSaved = saved;
        else if (waiting is [.., { Saved: not null }]) waiting[^1] = mark;
        else if (waiting.Count < MaxItems) waiting.Add(mark);
        else joinedSaved = saved;
    }

    public void Add(DriverEnd end)
    {
        AddJoined();
        waiting.Add(new DriverItem(null, null, end));
    }

    /// <summary>Takes some of it, in exchange for the list that is given.</summary>
    /// <param name="items">An empty list.</param>
    /// <returns>False: nothing waits.</returns>
    public bool TryTake(ref List<DriverItem> items)
    {
        if (waitingChars <= TakeChars || waiting.Count == 0) AddJoined();
        if (waiting.Count == 0) return false;
        if (waitingChars <= TakeChars) (items, waiting, takenChars) = (waiting, items, waitingChars);
        else TakeSome(items);
        waitingChars -= takenChars;
        return true;
    }

    /// <summary>What was taken has been sent.</summary>
    public void ReleaseTaken()
    {
        memory?.Release(takenChars * sizeof(char));
        takenChars = 0;
    }

    /// <summary>What waits will not be sent.</summary>
    public void ReleaseWaiting()
    {
        memory?.Release(waitingChars * sizeof(char));
        waitingChars = 0;
        waiting = [];
        ClearJoined();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryHold(int chars)
    {
        if (!HasRoom(chars)) return false;
        waitingChars += chars;
        memory?.Hold(chars * sizeof(char));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool HasRoom(int chars)
    {
        var waits = takenChars + waitingChars;
        if (waits > ScarceChars && memory?.IsFull == true) return false;
        return waits + chars <= maxChars || (waitingChars == 0 && takenChars <= maxChars && chars > maxChars);
    }

    private void TakeSome(List<DriverItem> items)
    {
        var count = 0;
        while (count < waiting.Count && takenChars < TakeChars) takenChars += waiting[count++].Chars;
        items.AddRange(waiting[..count]);
        waiting.RemoveRange(0, count);
    }

    private void AddJoined()
    {
        joined.MoveTo(waiting, TakeChars);
        if (joinedSaved is not null) waiting.Add(new DriverItem(null, joinedSaved, null));
        ClearJoined();
    }

    private void ClearJoined()
    {
        joined.Clear();
        joinedSaved = null;
    }
}
