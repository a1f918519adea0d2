namespace EventSourcedStreams.Sqlite;

/// <summary>What the server writes would not be there after it ends.</summary>
internal sealed class LogFileLostException(string what)
    : Exception(what + " Nothing more is saved. Stop the server, put log.db and log.db-wal back or restore a backup, and start again.");
