using System.Runtime.InteropServices;
using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>What .NET does not ask of the C library: folders, and what stands under a name. Not on Windows.</summary>
internal static class Libc
{
    /// <summary>Not inherited by processes that are started: they would hold a lock on.</summary>
    /// <returns>A handle; below 0 where it cannot be opened.</returns>
    public static int OpenFolder(string folder) =>
        Open(Encoding.UTF8.GetBytes(folder + '\0'), OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Lock(int handle, int how);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Close(int handle);

    /// <param name="path">UTF-8, with the zero that ends it.</param>
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int StatX(int folder, byte[] path, int flags, uint mask, ref byte found);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
