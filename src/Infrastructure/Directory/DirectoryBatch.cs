using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Infrastructure;

/// <summary>Applies feed items inside one transaction.</summary>
internal sealed class DirectoryBatch(SqliteConnection connection, SqliteTransaction transaction, ILogger logger) : IDisposable
{
    private readonly SqliteCommand load =
        connection.Command($"SELECT {DirectoryRows.Columns} FROM streams s WHERE s.id = $id", transaction);

    private readonly SqliteCommand insert = connection.Command(
        """
        INSERT INTO streams (
            id, commit_position, prepare_position, source, content_type, status, created_at, idle_timeout, retain, revision,
            length, chunks, last_activity_at)
        VALUES (
            $id, $commit, $prepare, $source, $contentType, $status, $createdAt, $idleTimeout, $retain, $revision, 0, 0, $createdAt);
        SELECT last_insert_rowid();
        """, transaction);

    private readonly SqliteCommand update = connection.Command(
        """
        UPDATE streams SET
            status = $status, revision = $revision, length = $length, chunks = $chunks, started_at = $startedAt,
            last_activity_at = $lastActivityAt, ended_at = $endedAt, driver_node = $driverNode, driver_run = $driverRun,
            error_code = $errorCode, error_message = $errorMessage, finish_reason = $finishReason
        WHERE key = $key
        """, transaction);

    private readonly SqliteCommand label = connection.Command(
        """
        INSERT INTO labels (stream, name, value, status, created_at, commit_position, prepare_position)
        VALUES ($stream, $name, $value, $status, $createdAt, $commit, $prepare)
        """, transaction);

    private readonly SqliteCommand relabel =
        connection.Command("UPDATE labels SET status = $status WHERE stream = $stream", transaction);

    private readonly SqliteCommand remove = connection.Command(
        "DELETE FROM labels WHERE stream = (SELECT key FROM streams WHERE id = $id); DELETE FROM streams WHERE id = $id;", transaction);

    public void Apply(FeedItem item)
    {
        switch (item)
        {
            // Text is not the directory's matter: its length and revision are those of the ending.
            case FeedItem.Recorded { Event: { Event: not StreamEvent.ChunkPersisted } recorded }:
                Apply(recorded);
                break;
            case FeedItem.Tombstoned gone:
                remove.With("$id", gone.Stream.Value).ExecuteNonQuery();
                break;
            case FeedItem.Damaged damaged:
                logger.DamagedEventLeftOut(damaged.StreamName, damaged.At, damaged.What);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[load, insert, update, label, relabel, remove]) command.Dispose();
    }

    private void Apply(RecordedEvent recorded)
    {
        // Without its labels: no event changes them.
        var row = DirectoryRows.Read(load.With("$id", recorded.Stream.Value)).SingleOrDefault();
        if (row is null && recorded.Event is not StreamEvent.StreamCreated)
        {
            logger.CreationNeverSeen(recorded.Stream, recorded.Revision);
            return;
        }

        try
        {
            var summary = StreamSummary.Apply(row?.Summary, recorded);
            if (row is null) Insert(summary, recorded.Position);
            else if (!ReferenceEquals(summary, row.Summary)) Update(row, summary);
        }
        catch (LogDamagedException e)
        {
            logger.DamagedEventLeftOut(recorded.Stream.Value, recorded.Position, e.Message);
        }
    }

    private void Insert(StreamSummary stream, LogPosition position)
    {
        var (commit, prepare) = (checked((long)position.Commit), checked((long)position.Prepare));
        var key = (long)insert
            .With("$id", stream.Id.Value)
            .With("$commit", commit)
            .With("$prepare", prepare)
            .With("$source", stream.Source)
            .With("$contentType", stream.ContentType)
            .With("$status", stream.Status.Name())
            .With("$createdAt", stream.CreatedAt.UtcTicks)
            .With("$idleTimeout", stream.IdleTimeout.Ticks)
            .With("$retain", stream.Retain?.Ticks)
            .With("$revision", stream.Revision.Value)
            .ExecuteScalar()!;
        foreach (var (name, value) in stream.Labels)
        {
            label
                .With("$stream", key)
                .With("$name", name)
                .With("$value", value)
                .With("$status", stream.Status.Name())
                .With("$createdAt", stream.CreatedAt.UtcTicks)
                .With("$commit", commit)
                .With("$prepare", prepare)
                .ExecuteNonQuery();
        }
    }

    private void Update(DirectoryRow row, StreamSummary stream)
    {
        update
            .With("$key", row.Key)
            .With("$status", stream.Status.Name())
            .With("$revision", stream.Revision.Value)
            .With("$length", stream.Length)
            .With("$chunks", stream.Chunks)
            .With("$startedAt", stream.StartedAt?.UtcTicks)
            .With("$lastActivityAt", stream.LastActivityAt.UtcTicks)
            .With("$endedAt", stream.EndedAt?.UtcTicks)
            .With("$driverNode", stream.Driver?.Node)
            .With("$driverRun", stream.Driver?.Run)
            .With("$errorCode", stream.Error?.Code)
            .With("$errorMessage", stream.Error?.Message)
            .With("$finishReason", stream.FinishReason)
            .ExecuteNonQuery();
        if (stream.Status != row.Summary.Status) relabel.With("$stream", row.Key).With("$status", stream.Status.Name()).ExecuteNonQuery();
    }
}
