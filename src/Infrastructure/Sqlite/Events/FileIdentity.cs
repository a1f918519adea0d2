using System.Runtime.InteropServices;
using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>Which file stands under a name, without opening it: to close one of a process's handles of a database would
/// give up its locks on it.</summary>
/// <param name="Device">0 where the system does not say; then every file is taken for the same.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    private const int StatBytes = 256, NumberAt = 32, SizeAt = 40, DeviceAt = 136;
    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7FF;
    private const int NoSuchFile = 2, NotAFolder = 20;

    /// <returns>Null where nothing stands under the name.</returns>
    public static (FileIdentity Identity, long Bytes)? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            var name = new byte[Encoding.UTF8.GetByteCount(path) + 1];
            Encoding.UTF8.GetBytes(path, name);
            Span<byte> found = stackalloc byte[StatBytes];
            if (StatX(CurrentFolder, name, 0, BasicStats, ref MemoryMarshal.GetReference(found)) == 0)
            {
                return (
                    new FileIdentity(MemoryMarshal.Read<ulong>(found[DeviceAt..]), MemoryMarshal.Read<ulong>(found[NumberAt..])),
                    MemoryMarshal.Read<long>(found[SizeAt..]));
            }

            if (Marshal.GetLastPInvokeError() is NoSuchFile or NotAFolder) return null;
        }

        return new FileInfo(path) is { Exists: true } file ? (default, file.Length) : null;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, ref byte found);
}
