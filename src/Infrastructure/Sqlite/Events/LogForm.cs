namespace EventSourcedStreams.Sqlite;

/// <summary>How events are selected from a log by its version of the schema: tools read an older one as it
/// is.</summary>
/// <param name="Version">See <see cref="Schema.Steps"/>.</param>
/// <param name="Kind">The kind that is stored with a row called <c>r</c>; NULL where it follows from the type.</param>
/// <param name="FeedIndex">The index over what the lifecycle feed tells.</param>
/// <param name="InFeed">What that index holds, in its own words: SQLite compares them.</param>
internal sealed record LogForm(long Version, string Kind, string FeedIndex, string InFeed)
{
    private static readonly LogForm WithoutKinds = new(1, "NULL", "log_but_chunks", "r.type <> 'ChunkPersisted'");

    private static readonly LogForm WithKinds =
        new(2, "r.kind", "log_in_feed", "r.kind >= 16 OR (r.kind IS NULL AND r.type <> 'ChunkPersisted')");

    /// <summary>See <see cref="EventRow"/>.</summary>
    public string Columns => $"{EventRow.Columns}, {Kind}";

    public static LogForm Of(Database database) => database.Number("PRAGMA user_version") == 1 ? WithoutKinds : WithKinds;
}
