using System.Runtime.InteropServices;
using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>Which file stands under a name, without opening it: to close one of a process's handles of a database would
/// give up its locks on it.</summary>
/// <param name="Device">0 where the system does not say; then every file is taken for the same.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    private const int StatBytes = 256, ModeAt = 28, NumberAt = 32, SizeAt = 40, DeviceAt = 136;
    private const int CurrentFolder = -100;

    /// <summary>Number and size, and no times: a file whose times have been asked for gets a new one with its next
    /// write, so that each sync would write them out too.</summary>
    private const uint NumberAndSize = 0x300;

    private const int NoSuchFile = 2, NotAFolder = 20;

    /// <returns>Null where nothing stands under the name.</returns>
    public static (FileIdentity Identity, long Bytes)? Of(string path) => Of(new FileName(path));

    /// <inheritdoc cref="Of(string)"/>
    public static (FileIdentity Identity, long Bytes)? Of(FileName name)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> found = stackalloc byte[StatBytes];
            if (Libc.StatX(CurrentFolder, name.Utf8, 0, NumberAndSize, ref MemoryMarshal.GetReference(found)) == 0)
            {
                return (
                    new FileIdentity(MemoryMarshal.Read<ulong>(found[DeviceAt..]), MemoryMarshal.Read<ulong>(found[NumberAt..])),
                    MemoryMarshal.Read<long>(found[SizeAt..]));
            }

            if (Marshal.GetLastPInvokeError() is NoSuchFile or NotAFolder) return null;
        }

        return new FileInfo(name.Path) is { Exists: true } file ? (default, file.Length) : null;
    }

    /// <summary>Encoded once, for a name that is looked at with every commit.</summary>
    internal sealed class FileName(string path)
    {
        public string Path => path;

        /// <summary>With the zero that ends it.</summary>
        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(path + '\0');
    }

    /// <summary>A pipe, a device, a socket: to open or to read it may never end. False where nothing is there, and
    /// where the system does not say.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        const int TypeOf = 0xF000, Folder = 0x4000, Ordinary = 0x8000;
        const uint Type = 1;
        Span<byte> found = stackalloc byte[StatBytes];
        return Libc.StatX(CurrentFolder, new FileName(path).Utf8, 0, Type, ref MemoryMarshal.GetReference(found)) == 0
            && (MemoryMarshal.Read<ushort>(found[ModeAt..]) & TypeOf) is not (Folder or Ordinary);
    }
}
