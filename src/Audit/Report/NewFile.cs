using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Report;

/// <summary>A file that is there whole or not at all: written beside its place under another name, and renamed at the
/// end.</summary>
internal static class NewFile
{
    /// <param name="path">Where it goes; its folder must be there.</param>
    /// <param name="replace">A file that is there already is replaced; otherwise it stays, and this is refused.</param>
    /// <exception cref="AuditException">There is such a file, or no such folder.</exception>
    public static async Task WriteAsync(string path, bool replace, Func<Stream, Task> write)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) throw new AuditException($"{path} is a folder. Name a file in it.");
        if (!Directory.Exists(Path.GetDirectoryName(path))) throw new AuditException($"There is no folder {Path.GetDirectoryName(path)}.");
        if (!replace && File.Exists(path)) throw Taken(path);

        var unfinished = path + "." + Path.GetRandomFileName();
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            if (!replace && File.Exists(path)) throw Taken(path);
            File.Move(unfinished, path, overwrite: replace);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static AuditException Taken(string path) => new($"{path} is there already. Give another name, or --force to replace it.");
}
