using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>What is in <c>log.db</c>, and how an older one becomes a newer one.</summary>
internal static class Schema
{
    /// <summary>"ESSt": tells our file from other SQLite databases.</summary>
    public const int ApplicationId = 0x45535374;

    /// <summary>The step at index i leads from version i to version i + 1. A step that has been released never
    /// changes.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        -- Everything, in the order of the commits. A position is never used again, also not after the newest events were deleted:
        -- AUTOINCREMENT.
        CREATE TABLE log (
            position     INTEGER PRIMARY KEY AUTOINCREMENT,
            stream       INTEGER NOT NULL, -- streams.id
            revision     INTEGER NOT NULL, -- from 0; 2^63-1: the stream's tombstone
            id           BLOB    NOT NULL, -- 16 bytes in the order of RFC 4122
            type         TEXT    NOT NULL,
            content_type TEXT    NOT NULL,
            created      INTEGER NOT NULL, -- microseconds since 1970, UTC
            data         BLOB    NOT NULL,
            metadata     BLOB    NOT NULL
        );
        -- A follower of what happens to streams need not read their text.
        CREATE INDEX log_but_chunks ON log (position) WHERE type <> 'ChunkPersisted';
        -- Each stream's last revision, written in the same commit: a lost end of the index is seen as damage, not as a shorter text.
        CREATE TABLE streams (
            id   INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT    NOT NULL,
            head INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX streams_by_name ON streams (name);
        -- The names once more: a lost entry of the index above is seen as damage, not as a stream that never was.
        CREATE TABLE names (
            name   TEXT PRIMARY KEY,
            stream INTEGER NOT NULL
        ) WITHOUT ROWID;
        -- Where a stream's events stand. The newest few thousand of all streams are in "recent", the rest in "settled": one small index
        -- takes a commit's entries in few pages. In a large one each stream's end is a page of its own, which is written for thousands
        -- of commits' entries at once.
        CREATE TABLE settled (
            stream   INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (stream, revision)
        ) WITHOUT ROWID;
        CREATE TABLE recent (
            stream   INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (stream, revision)
        ) WITHOUT ROWID;
        -- Tombstoned streams whose events have not all been removed yet.
        CREATE TABLE cleanups (
            stream INTEGER PRIMARY KEY
        );
        -- For people and tools: the log with names, and quick to ask for one stream.
        CREATE VIEW events AS
            SELECT l.position, s.name AS stream, l.revision, l.id, l.type, l.content_type, l.created, l.data, l.metadata
            FROM log l JOIN streams s ON s.id = l.stream;
        CREATE VIEW events_by_stream AS
            SELECT l.position, s.name AS stream, i.revision, l.id, l.type, l.content_type, l.created, l.data, l.metadata
            FROM streams s CROSS JOIN settled i ON i.stream = s.id CROSS JOIN log l ON l.position = i.position
            UNION ALL
            SELECT l.position, s.name AS stream, i.revision, l.id, l.type, l.content_type, l.created, l.data, l.metadata
            FROM streams s CROSS JOIN recent i ON i.stream = s.id CROSS JOIN log l ON l.position = i.position;
        """,
        """
        -- 1 content, 2 note, 3 lifecycle, 4 service, and 16 more where the feed of lifecycle events tells it. NULL, where the program
        -- that wrote the row knew no kind of its type, or no kinds at all: it follows from the type.
        ALTER TABLE log ADD COLUMN kind INTEGER;
        -- A follower of what happens to streams need not read what is in them, of whatever types that will be.
        CREATE INDEX log_in_feed ON log (position) WHERE kind >= 16 OR (kind IS NULL AND type <> 'ChunkPersisted');
        DROP INDEX log_but_chunks;
        """,
    ];

    /// <summary>Makes an empty file ours, or an older one of ours current.</summary>
    /// <exception cref="SqliteEventStoreRefusedException">It is not ours, newer than this program, its tables are not
    /// those of a log, or it could not be brought up to date.</exception>
    public static void Prepare(Database database, string path, IReadOnlyList<string> steps, ILogger logger)
    {
        var isEmpty = database.Number("SELECT count(*) FROM sqlite_master") == 0;
        var (application, version) = Marks(database);
        if (isEmpty && application == 0 && version == 0)
        {
            // Both must stand before the first table, and cannot be changed in a database in WAL mode.
            database.Execute("PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL");
        }
        else
        {
            Refuse(application, version, path, steps);
            RequireOurs(database, path, steps.Take((int)version));
        }

        if (version is 0) Run(database, steps, 0);
        else if (version < steps.Count) BringUpToDate(database, path, steps, (int)version, logger);
        database.Execute("PRAGMA journal_mode=WAL");
    }

    /// <summary>Changes nothing; an older version is as good (<see cref="LogForm"/>).</summary>
    /// <exception cref="SqliteEventStoreRefusedException">It is empty, not ours, or newer than this
    /// program.</exception>
    public static void RequireReadable(Database database, string path)
    {
        var (application, version) = Marks(database);
        if (application == 0 && version == 0 && database.Number("SELECT count(*) FROM sqlite_master") == 0)
        {
            throw new SqliteEventStoreRefusedException(
                $"{path} is empty: it has been cut to nothing, or no log was ever written to it. Restore a backup, or name another log.");
        }

        Refuse(application, version, path, Steps);
    }

    private static void BringUpToDate(Database database, string path, IReadOnlyList<string> steps, int version, ILogger logger)
    {
        SqliteEventStoreMessages.BringingUpToDate(logger, path, version, steps.Count);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            database.Execute("PRAGMA synchronous=FULL");
            Run(database, steps, version);
        }
        catch (DatabaseException e) when (!e.IsDamage)
        {
            throw new SqliteEventStoreRefusedException(
                $"{path} could not be brought from schema {version} to {steps.Count} ({e.Message}). Each step is done whole or not at all, "
                + "so nothing is lost. Make room on its disk, and start again.",
                e);
        }

        SqliteEventStoreMessages.BroughtUpToDate(logger, path, steps.Count, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Each step is a transaction.</summary>
    private static void Run(Database database, IReadOnlyList<string> steps, int version)
    {
        for (var step = version; step < steps.Count; step++)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                {steps[step]};
                PRAGMA application_id={ApplicationId};
                PRAGMA user_version={step + 1};
                COMMIT;
                """));
        }
    }

    /// <summary>What is written through another table, or under a trigger, could become anything.</summary>
    private static void RequireOurs(Database database, string path, IEnumerable<string> steps)
    {
        var preventing = SchemaCheck.Compare(database, steps).Where(difference => difference.PreventsWriting).ToList();
        if (preventing.Count > 0) throw new ForeignSchemaException(path, preventing);
    }

    private static (long Application, long Version) Marks(Database database) =>
        (database.Number("PRAGMA application_id") ?? 0, database.Number("PRAGMA user_version") ?? 0);

    private static void Refuse(long application, long version, string path, IReadOnlyList<string> steps)
    {
        if (application != ApplicationId)
        {
            throw new SqliteEventStoreRefusedException(
                $"{path} is a SQLite database of something else (application_id {application}). Choose another folder for the log.");
        }

        if (version > steps.Count)
        {
            throw new SqliteEventStoreRefusedException(
                $"{path} was written by a newer version of this program (schema {version}; this one knows up to {steps.Count}). "
                + "Run that version, or restore a backup from before the update.");
        }
    }
}
