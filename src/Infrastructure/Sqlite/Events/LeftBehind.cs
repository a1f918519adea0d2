namespace EventSourcedStreams.Sqlite;

/// <summary>Where <c>log.db</c> is missing, what else is in the folder tells a new folder from one that has lost its
/// log: a new log in its place would let all streams look as if they had never been, and destroy what stands in the
/// write-ahead log.</summary>
internal static class LeftBehind
{
    /// <exception cref="SqliteEventStoreRefusedException">The write-ahead log is there, and the log is not.</exception>
    public static void RequireNoWriteAheadLog(string file)
    {
        if (!IsMissing(file) || new FileInfo(file + "-wal") is not { Exists: true, Length: > 0 }) return;
        throw new SqliteEventStoreRefusedException(
            $"{What(file)}, but {file}-wal is there, with events that were saved: a new log would destroy them. "
            + "Put log.db back, or restore a backup into an empty folder; to begin a new log choose another folder.");
    }

    /// <summary>The node's name is written into the folder once its log is there.</summary>
    /// <exception cref="SqliteEventStoreRefusedException">The folder had a log.</exception>
    public static void RequireNoNode(string file)
    {
        var node = NodeFile.In(Path.GetDirectoryName(file)!);
        if (!IsMissing(file) || !File.Exists(node)) return;
        throw new SqliteEventStoreRefusedException(
            $"{What(file)}, but this folder had a log: {node} was written beside it. Put log.db and log.db-wal back, or restore a backup; "
            + "to begin a new log remove that file, or choose another folder.");
    }

    private static bool IsMissing(string file) => new FileInfo(file) is not { Exists: true, Length: > 0 };

    private static string What(string file) => File.Exists(file) ? $"{file} is empty" : $"{file} is not there";
}
