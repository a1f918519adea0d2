namespace EventSourcedStreams.Sqlite;

/// <summary>How the embedded log does, for health.</summary>
/// <param name="CanWrite">The last commit, if any, succeeded.</param>
/// <param name="LastFailure">What the last failed commit died of, also after a later one succeeded; null if none ever
/// failed.</param>
/// <param name="Queued">Appends that wait for the writer.</param>
/// <param name="WalBytes">Size of the write-ahead log's file.</param>
internal sealed record SqliteEventStoreStatus(bool CanWrite, string? LastFailure, DateTimeOffset? FailedAt, int Queued, long WalBytes);

/// <summary>The folder cannot be opened as an embedded log; the message says what to do.</summary>
internal sealed class SqliteEventStoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
