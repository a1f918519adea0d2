using System.Runtime.InteropServices;

namespace EventSourcedStreams.EmbeddedCrash;

/// <summary>What becomes of a write to the disk, and of all that come after it.</summary>
public enum DiskFault
{
    /// <summary>Half of it is done, then nothing more ever is: what a process that is killed there leaves
    /// behind.</summary>
    Stopped,

    /// <summary>Half of it is done, then there is no more room. Files can still be cut and removed.</summary>
    Full,

    /// <summary>Half of it is done, then the process is killed.</summary>
    Killed,
}

/// <summary>
/// Faults at the n-th change that SQLite makes to any file on this thread: it lets its own system calls be replaced (on
/// Unix). Other threads write on.
/// </summary>
public sealed class DiskFaults : IDisposable
{
    private const int NoSpace = 28;
    private const int InputOutputError = 5;
    private const int SetSystemCall = 144;                        // xSetSystemCall in sqlite3_vfs, version 3, 64 bits

    private static readonly Writing Write = (file, bytes, count) => current?.OnWrite(count, part => write(file, bytes, part)) ?? write(file, bytes, count);

    private static readonly WritingAt WriteAt = (file, bytes, count, at) =>
        current?.OnWrite(count, part => pwrite(file, bytes, part, at)) ?? pwrite(file, bytes, count, at);

    private static readonly Cutting Cut = (file, length) => current?.OnChange(() => ftruncate(file, length)) ?? ftruncate(file, length);
    private static readonly Removing Remove = path => current?.OnChange(() => unlink(path)) ?? unlink(path);

    [ThreadStatic]
    private static DiskFaults? current;

    private readonly DiskFault fault;
    private readonly int at;

    static DiskFaults()
    {
        SQLitePCL.Batteries_V2.Init();
        var vfs = sqlite3_vfs_find(0);
        var replace = Marshal.GetDelegateForFunctionPointer<Replacing>(Marshal.ReadIntPtr(vfs, SetSystemCall));
        foreach (var (name, call) in ((string, Delegate)[])
            [("write", Write), ("pwrite", WriteAt), ("pwrite64", WriteAt), ("ftruncate", Cut), ("unlink", Remove)])
            _ = replace(vfs, name, Marshal.GetFunctionPointerForDelegate(call)); // not every build has all of them
    }

    private DiskFaults(DiskFault fault, int at) => (this.fault, this.at) = (fault, at);

    private delegate nint Writing(int file, nint bytes, nint count);

    private delegate nint WritingAt(int file, nint bytes, nint count, long at);

    private delegate int Cutting(int file, long length);

    private delegate int Removing(nint path);

    private delegate int Replacing(nint vfs, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, nint call);

    /// <summary>Changes made so far, those that failed included.</summary>
    public int Changes { get; private set; }

    public bool HasStruck => Changes >= at;

    /// <param name="at">1 for the first change.</param>
    public static DiskFaults OnThisThread(DiskFault fault, int at) => current = new DiskFaults(fault, at);

    public void Dispose() => current = null;

    private nint OnWrite(nint count, Func<nint, nint> write)
    {
        Changes++;
        if (Changes < at) return write(count);
        if (Changes == at && count > 1) return Struck(write(count / 2));
        return Failed();
    }

    private int OnChange(Func<int> change)
    {
        Changes++;
        if (Changes < at || fault == DiskFault.Full) return change();
        return (int)Failed();
    }

    private nint Struck(nint written)
    {
        if (fault == DiskFault.Killed) Kill();
        return written;
    }

    private nint Failed()
    {
        if (fault == DiskFault.Killed) Kill();
        Marshal.SetLastSystemError(fault == DiskFault.Full ? NoSpace : InputOutputError);
        return -1;
    }

    private static void Kill()
    {
        const int SigKill = 9;
        _ = kill(Environment.ProcessId, SigKill);
        Thread.Sleep(Timeout.Infinite);
    }

#pragma warning disable IDE1006, SYSLIB1054, CA5392 // The names of the C library; a test's few calls need no generated marshalling.
    [DllImport("e_sqlite3")]
    private static extern nint sqlite3_vfs_find(nint name);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int file, nint bytes, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint pwrite(int file, nint bytes, nint count, long at);

    [DllImport("libc", SetLastError = true)]
    private static extern int ftruncate(int file, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlink(nint path);

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
#pragma warning restore IDE1006, SYSLIB1054, CA5392
}
