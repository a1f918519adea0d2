using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream as it stands in the catalog.</summary>
/// <param name="Search">See <see cref="CatalogSearch"/>.</param>
/// <param name="LabelsSum">Over labels that the summary need not have.</param>
internal sealed record CatalogRow(long Key, CatalogCursor Place, StreamSummary Summary, string Search, long LabelsSum);

/// <summary>Reads rows of <c>streams</c>.</summary>
internal static class CatalogRows
{
    /// <summary>Of a stream of which nothing but its place in the list is known for sure.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>What a row says, in the order of <see cref="Values"/>; without its key and its sum.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "created_at", "commit_position", "prepare_position", "id", "source", "content_type", "status", "idle_timeout", "retain", "revision",
        "length", "chunks", "started_at", "last_activity_at", "ended_at", "driver_node", "driver_run", "error_code", "error_message",
        "error_by", "finish_reason", "usage", "title", "for_deletion", "damaged", "begun", "foreign_type", "foreign_revision", "search",
        "labels_sum", "model", "input_tokens", "output_tokens",
    ];

    public static readonly int StatusAt = Names.ToList().IndexOf("status");

    /// <summary>The columns that <see cref="Read"/> takes, in its order, of the table <c>s</c>.</summary>
    public static readonly string Columns = $"s.key, {string.Join(", ", Names.Select(name => "s." + name))}, s.sum";

    /// <summary>What stands in a stream's row, as SQLite gives it back.</summary>
    public static object?[] Values(StreamSummary stream, CatalogCursor place, string search, long labelsSum)
    {
        // Of an unreadable one nothing is to be found by what it was.
        var isReadable = stream is { IsDamaged: false, HasBegun: true };
        var tokens = TokenUsage.Of(stream.Usage);
        return
        [
            place.CreatedTicks, place.Commit, place.Prepare, stream.Id.Value, stream.Source, stream.ContentType,
            isReadable ? stream.Status.Name() : Unreadable, stream.IdleTimeout.Ticks, stream.Retain?.Ticks, stream.Revision.Value,
            stream.Length, (long)stream.Chunks, stream.StartedAt?.UtcTicks, stream.LastActivityAt.UtcTicks,
            isReadable ? stream.EndedAt?.UtcTicks : null, isReadable ? stream.Driver?.Node : null, isReadable ? stream.Driver?.Run : null,
            stream.Error?.Code, stream.Error?.Message, stream.Error?.By, stream.FinishReason, stream.Usage, stream.Title,
            isReadable && stream.IsForDeletion ? 1L : 0L, stream.IsDamaged ? 1L : 0L, stream.HasBegun ? 1L : 0L,
            stream.Foreign?.Type, stream.Foreign?.Revision.Value, search, labelsSum, stream.Model, tokens.Input, tokens.Output,
        ];
    }

    /// <exception cref="SqliteException">The row is not the one that was written.</exception>
    public static void Require(SqliteDataReader row)
    {
        var sum = row.GetValue(Names.Count + 1);
        if (sum is not long written || CatalogSum.Of(Names.Select((_, i) => row.IsDBNull(i + 1) ? null : row.GetValue(i + 1))) != written)
            throw CatalogFile.Unsound("A stream's row is not the one that was written.");
    }

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
            var found = Labels.From(pairs);
            if (CatalogSum.Of(found) != rows[i].LabelsSum) throw CatalogFile.Unsound("A stream's labels are not those that were written.");
            rows[i] = rows[i] with { Summary = rows[i].Summary with { Labels = found } };
        }

        return rows;
    }

    private static CatalogRow Row(SqliteDataReader row)
    {
        Require(row);
        var status = row.GetString(7);
        return new CatalogRow(
            row.GetInt64(0),
            new CatalogCursor(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            new StreamSummary
            {
                CreatedAt = Time(row, 1)!.Value,
                Id = new StreamId(row.GetString(4)),
                Source = row.GetString(5),
                ContentType = row.GetString(6),
                Status = status == Unreadable
                    ? default
                    : StreamStatusNames.Parse(status) ?? throw CatalogFile.Unsound($"It holds a status {status}."),
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
                IsDamaged = row.GetInt64(25) == 1,
                HasBegun = row.GetInt64(26) == 1,
                Model = Text(row, 31),
                Foreign = Text(row, 27) is { } type ? new ForeignEvent(type, Revision.From(row.GetInt64(28))) : null,
            },
            row.GetString(29),
            row.GetInt64(30));
    }

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
