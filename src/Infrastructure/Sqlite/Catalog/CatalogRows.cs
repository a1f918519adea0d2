using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream as it stands in the directory.</summary>
internal sealed record CatalogRow(long Key, CatalogCursor Place, StreamSummary Summary);

/// <summary>Reads rows of <c>streams</c>.</summary>
internal static class CatalogRows
{
    /// <summary>The columns that <see cref="Read"/> takes, in its order, of the table <c>s</c>.</summary>
    public const string Columns =
        "s.key, s.created_at, s.commit_position, s.prepare_position, s.id, s.source, s.content_type, s.status, s.idle_timeout, "
        + "s.retain, s.revision, s.length, s.chunks, s.started_at, s.last_activity_at, s.ended_at, s.driver_node, s.driver_run, "
        + "s.error_code, s.error_message, s.error_by, s.finish_reason, s.usage, s.title, s.for_deletion";

    public static List<CatalogRow> Read(SqliteCommand command)
    {
        var rows = new List<CatalogRow>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(Row(reader));
        return rows;
    }

    public static List<CatalogRow> ReadWithLabels(this SqliteConnection connection, SqliteCommand command)
    {
        var rows = Read(command);
        using var labels = connection.Command("SELECT name, value FROM labels WHERE stream = $stream", command.Transaction);
        for (var i = 0; i < rows.Count; i++)
        {
            using var reader = labels.With("$stream", rows[i].Key).ExecuteReader();
            var pairs = new List<KeyValuePair<string, string>>();
            while (reader.Read()) pairs.Add(new(reader.GetString(0), reader.GetString(1)));
            if (pairs.Count > 0) rows[i] = rows[i] with { Summary = rows[i].Summary with { Labels = Labels.From(pairs) } };
        }

        return rows;
    }

    private static CatalogRow Row(SqliteDataReader row) => new(
        row.GetInt64(0),
        new CatalogCursor(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
        new StreamSummary
        {
            CreatedAt = Time(row, 1)!.Value,
            Id = new StreamId(row.GetString(4)),
            Source = row.GetString(5),
            ContentType = row.GetString(6),
            Status = StreamStatusNames.Parse(row.GetString(7))
                ?? throw new InvalidDataException($"The directory holds a status {row.GetString(7)}."),
            IdleTimeout = TimeSpan.FromTicks(row.GetInt64(8)),
            Retain = row.IsDBNull(9) ? null : TimeSpan.FromTicks(row.GetInt64(9)),
            Revision = Revision.From(row.GetInt64(10)),
            Length = row.GetInt64(11),
            Chunks = row.GetInt32(12),
            StartedAt = Time(row, 13),
            LastActivityAt = Time(row, 14)!.Value,
            EndedAt = Time(row, 15),
            Driver = Text(row, 16) is { } node ? new NodeRun(node, row.GetString(17)) : null,
            Error = Text(row, 18) is { } code ? new StreamFailure(code, row.GetString(19), Text(row, 20)) : null,
            FinishReason = Text(row, 21),
            Usage = Text(row, 22),
            Title = Text(row, 23),
            IsForDeletion = row.GetInt64(24) == 1,
        });

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
