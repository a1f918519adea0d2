namespace EventSourcedStreams.Sqlite;

/// <summary>What the writer knows of streams without looking. Bounded: when it is full, all is forgotten and looked up
/// again as it is needed.</summary>
internal sealed class KnownHeads(int max)
{
    private readonly Dictionary<string, KnownHead> heads = new(StringComparer.Ordinal);

    public KnownHead? Find(string stream) => heads.GetValueOrDefault(stream);

    public KnownHead Add(string stream, FoundStream found, Truncation? limits) =>
        heads[stream] = new KnownHead(found.Id, found.Head, limits);

    /// <summary>Between two transactions only: within one, heads hold what is not yet written.</summary>
    public void MakeRoom()
    {
        if (heads.Count >= max) heads.Clear();
    }
}

/// <param name="id">-1 until its first event is inserted.</param>
/// <param name="revision">-1 for none.</param>
internal sealed class KnownHead(long id, long revision, Truncation? limits)
{
    public long Id { get; set; } = id;

    public long Revision { get; set; } = revision;

    public Truncation? Limits { get; set; } = limits;

    /// <summary>Its row in <c>streams</c> is still to be written in this transaction.</summary>
    public bool IsChanged { get; set; }
}
