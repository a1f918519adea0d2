using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>The folder of a log that is to be written.</summary>
internal static class LogFolder
{
    /// <summary>Takes it, made if it is missing, with a database that is ready.</summary>
    /// <param name="file">The database in it.</param>
    /// <param name="check">What else has to hold of it once it is taken; throws where it does not.</param>
    public static FolderLock Take(SqliteEventStoreOptions options, string file, ILogger logger, Action? check = null)
    {
        Directory.CreateDirectory(options.Path);
        var taken = FolderLock.Acquire(options.Path);
        try
        {
            LeftBehind.RequireNoWriteAheadLog(file);
            check?.Invoke();
            using (var database = Database.Open(file, options.BusyTimeout)) Schema.Prepare(database, file, Schema.Steps, logger);
            DurableFile.SyncFolder(options.Path);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }
}
