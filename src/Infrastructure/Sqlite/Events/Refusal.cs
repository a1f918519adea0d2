namespace EventSourcedStreams.Sqlite;

internal static class Refusal
{
    /// <summary>What to tell the caller that tried to open the log; null for what is no matter of the folder.</summary>
    public static SqliteEventStoreRefusedException? Of(Exception e, string folder, string file) => e switch
    {
        DatabaseException { IsDamage: true } => new SqliteEventStoreRefusedException(
            $"{file} is damaged or is no SQLite database ({e.Message}). Restore a backup, or choose another folder.", e),
        DatabaseException or IOException or UnauthorizedAccessException => new SqliteEventStoreRefusedException(
            $"The log in {folder} cannot be opened ({e.Message}). The folder must be writable, on a disk with room.", e),
        _ => null,
    };
}
