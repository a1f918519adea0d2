namespace EventSourcedStreams.Sqlite;

/// <summary>Moves the index's entries from the small table that takes them into the large one, many at a
/// time.</summary>
internal sealed class IndexMerge
{
    /// <summary>More of them would make each commit write more pages of the small table; fewer, each move more pages of
    /// the large one for the same entries. Moving so many takes some milliseconds.</summary>
    private const int Bound = 4096;

    // Whatever an earlier run has left is moved with the first.
    private int recent = Bound;

    public bool IsDue => recent >= Bound;

    public void Indexed(IReadOnlyList<Written> written)
    {
        foreach (var append in written) recent += append.Events.Count;
    }

    /// <summary>One transaction of its own. What fails is tried again with as many more, not after every commit; an
    /// error on the way ends the connection, and with it the transaction.</summary>
    /// <returns>Pages that went into the write-ahead log.</returns>
    public int Run(WriteConnection connection)
    {
        recent = 0;
        return connection.MergeIndex();
    }
}
