using System.IO.Compression;
using System.Text;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Export;

/// <summary>Where an export goes. A file is there when all of it is, under its name: until then it is another one
/// beside it, which is gone when this is disposed.</summary>
internal sealed class ExportOutput : IDisposable
{
    private readonly string path;
    private readonly bool force;
    private readonly TextWriter? standard;
    private readonly string unfinished = "";
    private readonly FileStream? file;
    private readonly Stream? content;

    private ExportOutput(string path, bool force, AuditConsole console)
    {
        (this.path, this.force) = (path, force);
        if (path == "-")
        {
            standard = console.Out;
            return;
        }

        unfinished = $"{path}.{Path.GetRandomFileName()}";
        file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true) : file;
    }

    /// <param name="path">Compressed where it ends in .gz; <c>-</c> for stdout.</param>
    /// <exception cref="AuditException">It is there already and not to be replaced, its folder is not there, or stdout
    /// is a terminal.</exception>
    public static ExportOutput Open(string path, bool force, AuditConsole console)
    {
        if (path == "-")
        {
            if (console.IsOutputTerminal) throw new AuditException("--out - writes to stdout, and that is a terminal here. Lead it into a file or a program.");
            return new ExportOutput(path, force, console);
        }

        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new AuditException($"{path} is a folder. Give --out a file in it.");
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new AuditException($"There is no folder {Path.GetDirectoryName(full)}.");
        if (!force && File.Exists(full)) throw new AuditException($"{path} is there already. Give another name, or --force to replace it.");
        return new ExportOutput(full, force, console);
    }

    /// <param name="bytes">Whole code points.</param>
    public void Write(byte[] bytes)
    {
        if (standard is not null) standard.Write(Encoding.UTF8.GetString(bytes));
        else content!.Write(bytes);
    }

    /// <summary>All has been written: it is durable, and has its name.</summary>
    public void Complete()
    {
        if (file is null) return;
        if (content != file) content!.Dispose();
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(unfinished, path, force);
    }

    public void Dispose()
    {
        if (file is null) return;
        try
        {
            if (content != file) content!.Dispose();
            file.Dispose();
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
