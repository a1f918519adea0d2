namespace EventSourcedStreams.Sqlite;

/// <summary>The folder cannot be opened as an embedded log; the message says what to do.</summary>
internal class SqliteEventStoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
