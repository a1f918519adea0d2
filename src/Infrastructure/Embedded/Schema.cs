using System.Globalization;

namespace EventSourcedStreams.Infrastructure.Embedded;

/// <summary>What is in <c>log.db</c>, and how an older one becomes a newer one.</summary>
internal static class Schema
{
    /// <summary>"ESSt": tells our file from other SQLite databases.</summary>
    public const int ApplicationId = 0x45535374;

    /// <summary>The step at index i leads from version i to version i + 1. A step that has been released never changes.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        -- A position is never used again, also not after the newest events were deleted: AUTOINCREMENT.
        CREATE TABLE events (
            position     INTEGER PRIMARY KEY AUTOINCREMENT,
            stream       TEXT    NOT NULL,
            revision     INTEGER NOT NULL, -- from 0; 2^63-1: the stream's tombstone
            id           BLOB    NOT NULL, -- 16 bytes in the order of RFC 4122
            type         TEXT    NOT NULL,
            content_type TEXT    NOT NULL,
            created      INTEGER NOT NULL, -- microseconds since 1970, UTC
            data         BLOB    NOT NULL,
            metadata     BLOB    NOT NULL
        );
        CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
        -- Who follows what happens to streams need not read their text.
        CREATE INDEX events_but_chunks ON events (position) WHERE type <> 'ChunkPersisted';
        -- Each stream's last revision, written in the same commit: a lost end of the index is seen as damage, not as a shorter text.
        CREATE TABLE heads (
            stream TEXT PRIMARY KEY,
            head   INTEGER NOT NULL
        ) WITHOUT ROWID;
        -- Tombstoned streams whose events have not all been removed yet.
        CREATE TABLE cleanups (
            stream TEXT PRIMARY KEY
        ) WITHOUT ROWID;
        """,
    ];

    /// <summary>Makes an empty file ours, or an older one of ours current.</summary>
    /// <exception cref="EmbeddedLogRefusedException">It is not ours, or newer than this program.</exception>
    public static void Prepare(Database database, string path, IReadOnlyList<string> steps)
    {
        var isEmpty = database.Number("SELECT count(*) FROM sqlite_master") == 0;
        var application = database.Number("PRAGMA application_id") ?? 0;
        var version = database.Number("PRAGMA user_version") ?? 0;
        if (isEmpty && application == 0 && version == 0)
        {
            // Both must stand before the first table, and cannot be changed in a database in WAL mode.
            database.Execute("PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL");
        }
        else if (application != ApplicationId)
        {
            throw new EmbeddedLogRefusedException(
                $"{path} is a SQLite database of something else (application_id {application}). Choose another folder for the log.");
        }
        else if (version > steps.Count)
        {
            throw new EmbeddedLogRefusedException(
                $"{path} was written by a newer version of this program (schema {version}; this one knows up to {steps.Count}). "
                + "Run that version, or restore a backup from before the update.");
        }

        for (var step = (int)version; step < steps.Count; step++)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                {steps[step]};
                PRAGMA application_id={ApplicationId};
                PRAGMA user_version={step + 1};
                COMMIT;
                """));
        }

        database.Execute("PRAGMA journal_mode=WAL");
    }
}
