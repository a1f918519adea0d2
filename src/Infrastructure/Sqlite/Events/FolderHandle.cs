using System.Runtime.InteropServices;

namespace EventSourcedStreams.Sqlite;

/// <summary>A lock on a folder itself, which as long as it is there cannot be removed as a file in it can. Not on
/// Windows, where a file that is open stays; nor on file systems that do not lock folders.</summary>
internal sealed class FolderHandle : IDisposable
{
    private const int Shared = 1, Exclusive = 2, NotBlocking = 4, Unlock = 8;

    private int handle;

    private FolderHandle(int handle) => this.handle = handle;

    /// <returns>Null where another process has it; a handle that locks nothing where folders cannot be
    /// locked.</returns>
    public static FolderHandle? TryLock(string folder)
    {
        var opened = new FolderHandle(Open(folder));
        if (opened.handle < 0 || Libc.Lock(opened.handle, Exclusive | NotBlocking) == 0 || !IsHeldByAnother()) return opened;
        opened.Dispose();
        return null;
    }

    /// <summary>Whether another process, or another lock of this one, has it now.</summary>
    public static bool IsLocked(string folder)
    {
        using var opened = new FolderHandle(Open(folder));
        return opened.handle >= 0 && Libc.Lock(opened.handle, Shared | NotBlocking) != 0 && IsHeldByAnother();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref handle, -1) is not (>= 0 and var open)) return;

        // The lock first: a process that is just being started holds the handle too, until its program runs.
        _ = Libc.Lock(open, Unlock);
        _ = Libc.Close(open);
    }

    private static int Open(string folder) => OperatingSystem.IsWindows() ? -1 : Libc.OpenFolder(folder);

    /// <summary>EWOULDBLOCK on Linux and macOS; EINTR is never without waiting.</summary>
    private static bool IsHeldByAnother() => Marshal.GetLastPInvokeError() is 11 or 35;
}
