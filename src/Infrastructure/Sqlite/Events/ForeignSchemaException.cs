namespace EventSourcedStreams.Sqlite;

/// <summary>Its tables are not those of a log: nothing is read or written by them.</summary>
internal sealed class ForeignSchemaException(string file, IReadOnlyList<SchemaDifference> differences)
    : SqliteEventStoreRefusedException(
        $"{file} is marked as a log, and is none: expected {differences[0].Expected}, found {differences[0].Found}. Restore a backup; `verify` "
            + "of the audit tool names every difference.")
{
    public IReadOnlyList<SchemaDifference> Differences { get; } = differences;
}
