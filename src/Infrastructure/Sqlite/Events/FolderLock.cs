namespace EventSourcedStreams.Sqlite;

/// <summary>Keeps a second server process out of the folder. The operating system gives the lock back when a process
/// dies, however it dies; the file itself stays and means nothing. The folder is locked besides, where the system can
/// do so: the file may be removed under a running server.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string FileName = "lock";

    /// <summary>A look (<see cref="IsTaken"/>) holds the lock for a moment: that must not keep a server from
    /// starting.</summary>
    private const int Attempts = 25;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    private readonly FileStream file;
    private readonly FolderHandle handle;

    private FolderLock(FileStream file, FolderHandle handle) => (this.file, this.handle) = (file, handle);

    /// <param name="pause">Between two attempts; null: as long as a look may take.</param>
    public static FolderLock Acquire(string folder, Action? pause = null)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (TryTake(folder, isLast: attempt == Attempts) is { } taken) return taken;
                if (attempt == Attempts) throw HeldByAnother(folder, null);
                if (pause is null) Thread.Sleep(BetweenAttempts);
                else pause();
            }
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw HeldByAnother(folder, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteEventStoreRefusedException(
                $"The folder {folder} cannot be written to: {e.Message} Make it writable for this process, or choose another.", e);
        }
    }

    /// <summary>Whether a server has the folder now. Writes nothing, makes nothing.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public static bool IsTaken(string folder)
    {
        if (FileIdentity.IsSpecial(Path.Combine(folder, FileName))) throw new IOException($"{Path.Combine(folder, FileName)} is no ordinary file.");
        try
        {
            using var file = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return FolderHandle.IsLocked(folder);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return FolderHandle.IsLocked(folder);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return true;
        }
    }

    public void Dispose()
    {
        handle.Dispose();
        file.Dispose();
    }

    private static FolderLock? TryTake(string folder, bool isLast)
    {
        try
        {
            var file = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (FolderHandle.TryLock(folder) is { } handle) return new FolderLock(file, handle);
            file.Dispose();
            return null;
        }
        catch (IOException e) when (IsHeldByAnother(e) && !isLast)
        {
            return null;
        }
    }

    private static SqliteEventStoreRefusedException HeldByAnother(string folder, Exception? e) =>
        new($"Another server process has the log in {folder} open. Stop that process, or give this one a folder of its own.", e);

    /// <summary>EWOULDBLOCK, 11 on Linux and 35 on macOS, or Windows' sharing violation.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
