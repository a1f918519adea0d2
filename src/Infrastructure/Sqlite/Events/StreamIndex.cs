namespace EventSourcedStreams.Sqlite;

/// <summary>Where a stream's events stand: of one stream all that is settled lies before all that is recent, so that
/// SQLite merges the two without sorting.</summary>
internal static class StreamIndex
{
    /// <summary>Rows of the log, called <c>r</c>, by their place in the index, called <c>i</c>.</summary>
    /// <param name="columns">Of both.</param>
    /// <param name="where">What narrows <c>i</c>.</param>
    /// <param name="order">By the column's number, and how many.</param>
    public static string Rows(string columns, string where, string order) => $"""
        SELECT {columns} FROM settled i CROSS JOIN log r ON r.position = i.position WHERE {where}
        UNION ALL
        SELECT {columns} FROM recent i CROSS JOIN log r ON r.position = i.position WHERE {where}
        ORDER BY {order}
        """;
}
