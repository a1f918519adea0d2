namespace EventSourcedStreams.Infrastructure.Embedded;

/// <summary>Keeps a second server process out of the folder. The operating system gives the lock back when a process dies, however it
/// dies; the file itself stays and means nothing.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new EmbeddedLogRefusedException(
                $"Another server process has the log in {folder} open. Stop that process, or give this one a folder of its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedLogRefusedException(
                $"The folder {folder} cannot be written to: {e.Message} Make it writable for this process, or choose another.", e);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>EWOULDBLOCK, 11 on Linux and 35 on macOS, or Windows' sharing violation.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
