using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>Applies feed items inside one transaction. A stream is loaded once and, by <see cref="Save"/>, stored once,
/// however many events of it there are: filling the directory anew is mostly whole lives.</summary>
internal sealed class CatalogBatch(SqliteConnection connection, SqliteTransaction transaction, ILogger logger) : IDisposable
{
    private readonly Dictionary<StreamId, Entry> entries = [];

    private readonly SqliteCommand load =
        connection.Command($"SELECT {CatalogRows.Columns} FROM streams s WHERE s.id = $id", transaction);

    private readonly SqliteCommand insert = connection.Command(
        """
        INSERT INTO streams (
            id, commit_position, prepare_position, source, content_type, created_at, idle_timeout, retain, status, revision, length, chunks,
            started_at, last_activity_at, ended_at, driver_node, driver_run, error_code, error_message, error_by, finish_reason,
            usage, title, for_deletion, search)
        VALUES (
            $id, $commit, $prepare, $source, $contentType, $createdAt, $idleTimeout, $retain, $status, $revision, $length, $chunks,
            $startedAt, $lastActivityAt, $endedAt, $driverNode, $driverRun, $errorCode, $errorMessage, $errorBy, $finishReason,
            $usage, $title, $forDeletion, $search);
        SELECT last_insert_rowid();
        """, transaction);

    private readonly SqliteCommand update = connection.Command(
        """
        UPDATE streams SET
            status = $status, revision = $revision, length = $length, chunks = $chunks, started_at = $startedAt,
            last_activity_at = $lastActivityAt, ended_at = $endedAt, driver_node = $driverNode, driver_run = $driverRun,
            error_code = $errorCode, error_message = $errorMessage, error_by = $errorBy, finish_reason = $finishReason,
            usage = $usage, for_deletion = $forDeletion
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
            // Content is not the directory's matter: its length and revision are those of the ending.
            case FeedItem.Recorded { Event: var recorded }:
                if (EventKinds.KindOf(recorded.Event) == EventKind.Lifecycle) Apply(recorded);
                break;
            case FeedItem.Tombstoned gone:
                entries.Remove(gone.Stream);
                remove.With("$id", gone.Stream.Value).ExecuteNonQuery();
                break;
            case FeedItem.Damaged damaged:
                logger.DamagedEventLeftOut(damaged.StreamName, damaged.At, damaged.What);
                break;
        }
    }

    public void Save()
    {
        foreach (var entry in entries.Values)
        {
            if (entry.Summary is not { } stream || ReferenceEquals(stream, entry.Stored?.Summary)) continue;
            if (entry.Stored is null) Insert(stream, entry.Place);
            else Update(entry.Stored, stream);
        }

        entries.Clear();
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[load, insert, update, label, relabel, remove]) command.Dispose();
    }

    private void Apply(RecordedEvent recorded)
    {
        if (!entries.TryGetValue(recorded.Stream, out var entry))
        {
            // Without its labels: no event changes them.
            var row = CatalogRows.Read(load.With("$id", recorded.Stream.Value)).SingleOrDefault();
            entries.Add(recorded.Stream, entry = new Entry { Stored = row, Summary = row?.Summary });
        }

        if (entry.Summary is null && recorded.Event is not StreamEvent.StreamCreated)
        {
            logger.CreationMissing(recorded.Stream, recorded.Revision);
            return;
        }

        try
        {
            if (entry.Summary is null) entry.Place = CatalogCursor.Of(recorded);
            entry.Summary = StreamSummary.Apply(entry.Summary, recorded);
        }
        catch (LogDamagedException e)
        {
            logger.DamagedEventLeftOut(recorded.Stream.Value, recorded.Position, e.Message);
        }
    }

    private void Insert(StreamSummary stream, CatalogCursor place)
    {
        var key = (long)WithState(insert, stream)
            .With("$id", stream.Id.Value)
            .With("$commit", place.Commit)
            .With("$prepare", place.Prepare)
            .With("$createdAt", place.CreatedTicks)
            .With("$source", stream.Source)
            .With("$contentType", stream.ContentType)
            .With("$idleTimeout", stream.IdleTimeout.Ticks)
            .With("$retain", stream.Retain?.Ticks)
            .With("$title", stream.Title)
            .With("$search", CatalogSearch.Searched(stream))
            .ExecuteScalar()!;
        foreach (var (name, value) in stream.Labels)
        {
            label
                .With("$stream", key)
                .With("$name", name)
                .With("$value", value)
                .With("$status", stream.Status.Name())
                .With("$createdAt", place.CreatedTicks)
                .With("$commit", place.Commit)
                .With("$prepare", place.Prepare)
                .ExecuteNonQuery();
        }
    }

    private void Update(CatalogRow row, StreamSummary stream)
    {
        WithState(update, stream).With("$key", row.Key).ExecuteNonQuery();
        if (stream.Status != row.Summary.Status) relabel.With("$stream", row.Key).With("$status", stream.Status.Name()).ExecuteNonQuery();
    }

    /// <summary>What events change.</summary>
    private static SqliteCommand WithState(SqliteCommand command, StreamSummary stream) => command
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
        .With("$errorBy", stream.Error?.By)
        .With("$finishReason", stream.FinishReason)
        .With("$usage", stream.Usage)
        .With("$forDeletion", stream.IsForDeletion ? 1 : 0);

    private sealed class Entry
    {
        /// <summary>Null: not in the file.</summary>
        public required CatalogRow? Stored { get; init; }

        /// <summary>Null: its creation has not been seen.</summary>
        public required StreamSummary? Summary { get; set; }

        public CatalogCursor Place { get; set; }
    }
}
