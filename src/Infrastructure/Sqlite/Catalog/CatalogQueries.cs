using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>What is asked of the catalog, as SQL. Each reads one index in order and stops at its limit.</summary>
internal static class CatalogQueries
{
    public static SqliteCommand List(SqliteConnection connection, CatalogQuery query)
    {
        var (place, rows) = Rows(query);
        var after = query.Cursor is null
            ? ""
            : $"AND ({place}.created_at, {place}.commit_position, {place}.prepare_position) < ($createdAt, $commit, $prepare)";
        var command = WithFilters(connection.Command($"""
            SELECT {CatalogRows.Columns} FROM {rows} {after}
            ORDER BY {place}.created_at DESC, {place}.commit_position DESC, {place}.prepare_position DESC LIMIT $limit
            """), query).With("$limit", query.Limit + 1); // one more tells whether there is another page
        if (query.Cursor is null) return command;
        var cursor = CatalogCursor.Parse(query.Cursor);
        return command.With("$createdAt", cursor.CreatedTicks).With("$commit", cursor.Commit).With("$prepare", cursor.Prepare);
    }

    /// <summary>How many there are on all pages.</summary>
    public static SqliteCommand Count(SqliteConnection connection, CatalogQuery query) =>
        WithFilters(connection.Command($"SELECT count(*) FROM {Rows(query).Text}"), query);

    /// <summary>The rows that a list has, and the table that has their order.</summary>
    private static (string Place, string Text) Rows(CatalogQuery query)
    {
        // What orders the list: the stream itself, or the copy of its place that stands beside the label. Of several
        // labels the owner's: what is looked through is at most what one owner has.
        var place = query.Labels is [] ? "s" : "l";
        var status = query.Status is null ? $"AND {place}.status <> 'deleted'" : $"AND {place}.status = $status";
        var since = query.From is null ? "" : $"AND {place}.created_at >= $from";
        var until = query.To is null ? "" : $"AND {place}.created_at < $to AND {place}.created_at > 0";
        var source = query.Source is null ? "" : "AND s.source = $source";
        var words = string.Concat(Words(query).Select((_, i) => $" AND instr(s.search, $word{i}) > 0"));
        return (place, $"{CatalogLabels.From(query.Labels)} WHERE true {status} {CatalogLabels.And(query.Labels)} {since} {until} {source} {words}");
    }

    private static SqliteCommand WithFilters(SqliteCommand command, CatalogQuery query)
    {
        command.WithLabels(query.Labels);
        if (query.Status is { } only) command.With("$status", only.Name());
        if (query.From is { } from) command.With("$from", from.UtcTicks);
        if (query.To is { } to) command.With("$to", to.UtcTicks);
        if (query.Source is { } source) command.With("$source", source);
        foreach (var (i, word) in Words(query).Index()) command.With($"$word{i}", word);
        return command;
    }

    private static string[] Words(CatalogQuery query) => query.Search is null ? [] : CatalogSearch.Words(query.Search);

    /// <summary>A text is compared by its bytes.</summary>
    public static SqliteCommand ById(SqliteConnection connection, Labels labels, StreamId? after, int limit)
    {
        var query = CatalogQuery.Of(labels, cursor: null, limit);
        return WithFilters(connection.Command($"SELECT {CatalogRows.Columns} FROM {Rows(query).Text} AND s.id > $after ORDER BY s.id LIMIT $limit"), query)
            .With("$after", after?.Value ?? "")
            .With("$limit", limit);
    }

    /// <summary>From one node's name to the next in the index, so that what it takes does not grow with the
    /// streams.</summary>
    public static SqliteCommand DrivingNodes(SqliteConnection connection) => connection.Command("""
        WITH RECURSIVE nodes (node) AS (
            SELECT min(driver_node) FROM streams INDEXED BY streams_driven WHERE status = 'streaming'
            UNION ALL
            SELECT (SELECT min(driver_node) FROM streams INDEXED BY streams_driven WHERE status = 'streaming' AND driver_node > node) FROM nodes WHERE node IS NOT NULL
        )
        SELECT node FROM nodes WHERE node IS NOT NULL
        """);

    public static SqliteCommand Due(SqliteConnection connection, DueQuery query, string? cursor, int limit)
    {
        var command = (query switch
        {
            DueQuery.Streaming => OfStatus(connection, StreamStatus.Streaming, Behind(cursor)),
            DueQuery.PendingSince pending => OfStatus(connection, StreamStatus.Pending, $"AND s.created_at < $before {Behind(cursor)}")
                .With("$before", pending.CreatedBefore.UtcTicks),
            DueQuery.CancelledForDeletion => Oldest(connection, "s.for_deletion = 1 AND s.status = 'cancelled'", Behind(cursor)),
            DueQuery.DeletionCutShort => OfStatus(connection, StreamStatus.Deleted, Behind(cursor)),
            DueQuery.RetentionOver over => RetentionOver(connection, over, isBehind: cursor is not null),
            _ => throw new System.Diagnostics.UnreachableException($"{query} is no query."),
        }).With("$limit", limit + 1); // one more tells whether there is another page
        if (cursor is null) return command;
        var place = CatalogCursor.Parse(cursor);
        return query is DueQuery.RetentionOver
            ? command.With("$due", place.CreatedTicks).With("$key", place.Commit)
            : command.With("$createdAt", place.CreatedTicks).With("$commit", place.Commit).With("$prepare", place.Prepare);
    }

    /// <summary>Where the next page of the same query begins.</summary>
    public static CatalogCursor PlaceOf(CatalogRow row, DueQuery query)
    {
        if (query is not DueQuery.RetentionOver over) return row.Place;
        var due = row.Summary.EndedAt!.Value.UtcTicks + (row.Summary.Retain ?? over.Default!.Value).Ticks;
        return new CatalogCursor(due, row.Key, 0);
    }

    private static string Behind(string? cursor) => cursor is null
        ? ""
        : "AND (s.created_at, s.commit_position, s.prepare_position) > ($createdAt, $commit, $prepare)";

    private static SqliteCommand OfStatus(SqliteConnection connection, StreamStatus status, string and) =>
        Oldest(connection, "s.status = $status", and).With("$status", status.Name());

    private static SqliteCommand Oldest(SqliteConnection connection, string which, string and) => connection.Command($"""
        SELECT {CatalogRows.Columns} FROM streams s WHERE {which} {and}
        ORDER BY s.created_at, s.commit_position, s.prepare_position LIMIT $limit
        """);

    /// <summary>
    /// Oldest here is: longest over. Two halves, because only a retention of a stream's own has its due time in an
    /// index. Where there is no time of ending, no comparison holds.
    /// </summary>
    private static SqliteCommand RetentionOver(SqliteConnection connection, DueQuery.RetentionOver over, bool isBehind)
    {
        var ownBehind = isBehind ? "AND ended_at + retain >= $due AND (ended_at + retain, key) > ($due, $key)" : "";
        var defaultBehind = isBehind ? "AND ended_at >= $due - $default AND (ended_at + $default, key) > ($due, $key)" : "";
        var ownKeys = $"""
            SELECT key, ended_at + retain AS due FROM streams
            WHERE retain IS NOT NULL AND status <> 'deleted' AND ended_at + retain <= $now {ownBehind}
            ORDER BY ended_at + retain, key LIMIT $limit
            """;
        var defaultKeys = $"""
            SELECT key, ended_at + $default AS due FROM streams
            WHERE retain IS NULL AND status <> 'deleted' AND ended_at <= $now - $default {defaultBehind}
            ORDER BY ended_at, key LIMIT $limit
            """;
        var keys = over.Default is null ? ownKeys : $"SELECT * FROM ({ownKeys}) UNION ALL SELECT * FROM ({defaultKeys})";
        return connection.Command($"""
            SELECT {CatalogRows.Columns} FROM ({keys}) AS due JOIN streams s ON s.key = due.key ORDER BY due.due, s.key LIMIT $limit
            """).With("$now", over.Now.UtcTicks).With("$default", over.Default?.Ticks);
    }
}
