namespace EventSourcedStreams.Sqlite;

/// <summary>How the embedded log does, for health.</summary>
/// <param name="CanWrite">The last commit, if any, succeeded.</param>
/// <param name="LastFailure">What the last failed commit died of, also after a later one succeeded; null if none ever
/// failed.</param>
/// <param name="Queued">Appends that wait for the writer.</param>
/// <param name="WalBytes">Size of the write-ahead log's file.</param>
internal sealed record SqliteEventStoreStatus(bool CanWrite, string? LastFailure, DateTimeOffset? FailedAt, int Queued, long WalBytes);

/// <summary>The folder cannot be opened as an embedded log; the message says what to do.</summary>
internal class SqliteEventStoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Its tables are not those of a log: nothing is read or written by them.</summary>
internal sealed class ForeignSchemaException(string file, IReadOnlyList<SchemaDifference> differences)
    : SqliteEventStoreRefusedException(
        $"{file} is marked as a log, and is none: expected {differences[0].Expected}, found {differences[0].Found}. Restore a backup; `verify` "
            + "of the audit tool names every difference.")
{
    public IReadOnlyList<SchemaDifference> Differences { get; } = differences;
}
