using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.Sqlite;

/// <summary>Up to where the catalog was fed, as it stands in its file.</summary>
internal static class CheckpointRow
{
    public static CatalogCheckpoint? Read(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = connection.Command(
            "SELECT log_id, commit_position, prepare_position, last_event FROM checkpoint", transaction);
        using var row = command.ExecuteReader();
        if (!row.Read()) return null;
        return Guid.TryParse(row.GetString(3), out var last)
            ? new(row.GetString(0), new LogPosition((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)), new EventId(last))
            : throw CatalogFile.Unsound("Its checkpoint names no event.");
    }

    public static void Write(SqliteConnection connection, SqliteTransaction transaction, CatalogCheckpoint checkpoint)
    {
        using var command = connection.Command("INSERT OR REPLACE INTO checkpoint VALUES (1, $log, $commit, $prepare, $last)", transaction);
        command
            .With("$log", checkpoint.LogId)
            .With("$commit", checked((long)checkpoint.Position.Commit))
            .With("$prepare", checked((long)checkpoint.Position.Prepare))
            .With("$last", checkpoint.LastEvent.ToString())
            .ExecuteNonQuery();
    }
}
