namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The catalog's tables. Times are .NET ticks, UTC, and durations are ticks too, so that nothing is rounded:
/// <c>datetime(created_at / 10000000 - 62135596800, 'unixepoch')</c> shows one.
/// </summary>
internal static class CatalogSchema
{
    /// <summary>"ESSD". Tells the catalog's file from everything else, the embedded log's too.</summary>
    public const int ApplicationId = 0x45535344;

    /// <summary>Another number means another shape: such a file is deleted and filled anew from the log.</summary>
    public const int Version = 8;

    /// <summary>To be run in one transaction: identity and tables are all there, or nothing is.</summary>
    public static readonly string Create = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};

        CREATE TABLE checkpoint (
            key INTEGER PRIMARY KEY CHECK (key = 1),
            log_id TEXT NOT NULL,
            commit_position INTEGER NOT NULL,
            prepare_position INTEGER NOT NULL,
            last_event TEXT NOT NULL
        );

        CREATE TABLE streams (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            content_type TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            commit_position INTEGER NOT NULL,
            prepare_position INTEGER NOT NULL,
            idle_timeout INTEGER NOT NULL,
            retain INTEGER,
            revision INTEGER NOT NULL,
            length INTEGER NOT NULL,
            chunks INTEGER NOT NULL,
            started_at INTEGER,
            last_activity_at INTEGER NOT NULL,
            ended_at INTEGER,
            driver_node TEXT,
            driver_run TEXT,
            error_code TEXT,
            error_message TEXT,
            error_by TEXT,
            finish_reason TEXT,
            usage TEXT,
            title TEXT,

            -- What its source asked, and what that said of tokens.
            model TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,

            -- 1: it was ended in order to be deleted.
            for_deletion INTEGER NOT NULL,

            -- 1: what the log holds of its life cannot be what was written. Its status, and that of a stream that has not begun, is then
            -- 'unreadable', which no question but that for all streams finds.
            damaged INTEGER NOT NULL,

            -- 0: its creation cannot be read, or another program has begun it.
            begun INTEGER NOT NULL,

            -- The first event that another program has written.
            foreign_type TEXT,
            foreign_revision INTEGER,

            -- Id, title and labels, as they are searched.
            search TEXT NOT NULL,

            -- Over its labels; over all columns above and this one (CatalogSum).
            labels_sum INTEGER NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE INDEX streams_listed ON streams (created_at, commit_position, prepare_position) WHERE status <> 'deleted';
        CREATE INDEX streams_by_status ON streams (status, created_at, commit_position, prepare_position);
        CREATE INDEX streams_to_delete ON streams (created_at, commit_position, prepare_position)
            WHERE for_deletion = 1 AND status = 'cancelled';
        CREATE INDEX streams_driven ON streams (driver_node) WHERE status = 'streaming';
        CREATE INDEX streams_retained ON streams (ended_at + retain) WHERE retain IS NOT NULL AND status <> 'deleted';
        CREATE INDEX streams_ended ON streams (ended_at) WHERE retain IS NULL AND status <> 'deleted';

        -- Status and place are copied from the stream, so that a list by label reads one index in order.
        CREATE TABLE labels (
            stream INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            commit_position INTEGER NOT NULL,
            prepare_position INTEGER NOT NULL,
            PRIMARY KEY (stream, name)
        ) WITHOUT ROWID;
        CREATE INDEX labels_listed ON labels (name, value, created_at, commit_position, prepare_position, status) WHERE status <> 'deleted';
        CREATE INDEX labels_by_status ON labels (name, value, status, created_at, commit_position, prepare_position);
        """;
}
