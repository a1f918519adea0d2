using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>What the streams that are there have used, counted by SQLite; no text is read.</summary>
internal static class CatalogUsage
{
    /// <summary>What is grouped by, and the order.</summary>
    private static readonly string Key = $"s.ended_at / {TimeSpan.TicksPerDay}, coalesce(b.value, ''), s.source, coalesce(s.model, '')";

    public static List<UsageRow> Read(SqliteConnection connection, UsageQuery query)
    {
        using var command = Command(connection, query);
        using var row = command.ExecuteReader();
        var rows = new List<UsageRow>();
        while (row.Read())
        {
            rows.Add(new UsageRow(
                new UsageKey(DateOnly.FromDayNumber(row.GetInt32(0)), row.GetString(1), row.GetString(2), row.GetString(3)),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)));
        }

        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, UsageQuery query)
    {
        var within = CatalogLabels.FewestFirst(connection, query.Within);
        var since = query.From is null ? "" : "AND s.ended_at >= $from";
        var until = query.To is null ? "" : "AND s.ended_at < $to";
        var after = query.After is null ? "" : $"AND ({Key}) > ($day, $value, $source, $model)";
        var command = connection.Command($"""
            SELECT {Key}, count(*), sum(s.length), coalesce(sum(s.input_tokens), 0), coalesce(sum(s.output_tokens), 0)
            FROM {CatalogLabels.From(within)} LEFT JOIN labels b ON b.stream = s.key AND b.name = $by
            WHERE s.ended_at IS NOT NULL AND s.status <> 'deleted' {CatalogLabels.And(within)} {since} {until} {after}
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $limit
            """).With("$by", query.By).With("$limit", query.Limit).WithLabels(within);
        if (query.From is { } first) command.With("$from", first.UtcTicks);
        if (query.To is { } last) command.With("$to", last.UtcTicks);
        return query.After is not { } key
            ? command
            : command.With("$day", key.Day.DayNumber).With("$value", key.Value).With("$source", key.Source).With("$model", key.Model);
    }
}
