namespace EventSourcedStreams.Sqlite;

/// <summary>Removes of a stream what is over its limits, in the open transaction.</summary>
internal sealed class StreamTrim(Database database)
{
    /// <summary>What one append removes at most: the next one goes on.</summary>
    private const int TrimmedEvents = 64;

    private readonly Statement oldest = database.Prepare(
        StreamIndex.Rows("i.position, i.revision, r.created", "i.stream = ?1", "2 LIMIT ?2"));

    private readonly EventRemoval removal = new(database);

    /// <summary>The last event always stays: the head is proved by it.</summary>
    /// <param name="now">As <c>created</c> of an event that is written now.</param>
    public void Run(KnownHead head, Truncation limits, long now)
    {
        var over = new List<(long Revision, long Position)>();
        var first = limits.First(head.Revision);
        var tooOld = limits.MaxAge is { } age ? now - (age.Ticks / TimeSpan.TicksPerMicrosecond) : long.MinValue;
        oldest.Bind(1, head.Id).Bind(2, TrimmedEvents);
        while (oldest.Step() && oldest.Int64(1) < head.Revision && (oldest.Int64(1) < first || oldest.Int64(2) < tooOld))
            over.Add((oldest.Int64(1), oldest.Int64(0)));

        oldest.Reset();
        foreach (var (revision, position) in over) removal.Remove(head.Id, revision, position);
    }
}
