namespace EventSourcedStreams.Audit.Check;

/// <summary>What a copy of the log cannot have: told from what it lacks by its time, once all of the copy has been
/// read.</summary>
/// <param name="isCopy">Otherwise there is nothing of the kind: all is a finding.</param>
internal sealed class NewerStreams(bool isCopy)
{
    private readonly Dictionary<string, (CheckFinding Finding, DateTimeOffset At)> found = new(StringComparer.Ordinal);
    private readonly Dictionary<StreamId, ServerStream> listed = [];

    public bool IsCopy => isCopy;

    public int Count => found.Count;

    /// <returns>The finding, where there is no copy that could lack it.</returns>
    public IReadOnlyList<CheckFinding> Add(CheckFinding finding, DateTimeOffset at)
    {
        if (!isCopy) return [finding];
        found.TryAdd(finding.Id, (finding, at));
        return [];
    }

    /// <summary>How the list has a stream that has gone on since the copy was made: the stream's own answer has to
    /// agree.</summary>
    public void Listed(StreamId id, ServerStream item) => listed[id] = item with { Labels = new Dictionary<string, string>() };

    public ServerStream? Listed(StreamId id) => listed.GetValueOrDefault(id);

    public void Forget(IEnumerable<StreamId> ids)
    {
        foreach (var id in ids)
        {
            found.Remove(id.Value);
            listed.Remove(id);
        }
    }

    /// <summary>What is not newer than the last thing in the copy is a finding.</summary>
    public IReadOnlyList<CheckFinding> TakeOld(DateTimeOffset latest)
    {
        var old = found.Values.Where(one => one.At <= latest).Select(one => one.Finding).ToList();
        foreach (var finding in old) found.Remove(finding.Id);
        return old;
    }
}
