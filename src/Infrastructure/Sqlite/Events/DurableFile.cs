using System.Runtime.InteropServices;
using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>Files that are there whole after a power cut, or not at all.</summary>
internal static class DurableFile
{
    public static void Write(string path, string text)
    {
        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>A file's name is durable only once its folder is. .NET does not open folders, so this asks the C
    /// library.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Libc.OpenFolder(folder);
        if (handle < 0) throw new IOException($"The folder {folder} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            // EINVAL: some file systems do not sync folders; there is nothing more to be had from them.
            if (Libc.Sync(handle) != 0 && Marshal.GetLastPInvokeError() != 22)
                throw new IOException($"The folder {folder} cannot be made durable: error {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = Libc.Close(handle);
        }
    }
}
