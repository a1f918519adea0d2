using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <content>What the recovery asks, and which nodes drive.</content>
internal static partial class CatalogQueries
{
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
            DueQuery.Streaming streaming => NotDriven(connection, streaming, Behind(cursor)),
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

    /// <summary>In the order of an index; of what is left out no more is read than who drives it.</summary>
    private static SqliteCommand NotDriven(SqliteConnection connection, DueQuery.Streaming streaming, string and)
    {
        var driven = streaming.Driven.Count == 0 ? "" : "AND s.id NOT IN (SELECT value FROM json_each($driven))";
        var alive = streaming.Alive.Count == 0 ? ""
            : "AND (s.driver_node, s.driver_run) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each($alive))";
        return OfStatus(connection, StreamStatus.Streaming, $"{driven} {alive} {and}")
            .With("$driven", Json(streaming.Driven.Select(stream => JsonValue.Create(stream.Value))))
            .With("$alive", Json(streaming.Alive.Select(run => new JsonArray(run.Node, run.Run))));
    }

    private static string Json(IEnumerable<JsonNode?> values) => new JsonArray([.. values]).ToJsonString();

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
