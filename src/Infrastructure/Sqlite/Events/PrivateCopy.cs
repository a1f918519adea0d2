namespace EventSourcedStreams.Sqlite;

/// <summary>
/// A database and its write-ahead log, copied into a folder that only this user can read, and deleted with it. The
/// original is only read: to open a database in WAL mode, even read-only, would make files beside it.
/// </summary>
internal sealed class PrivateCopy : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Besides the files: the index over the write-ahead log that SQLite makes.</summary>
    private const long SpareBytes = 4 << 20;

    private readonly string folder;

    private PrivateCopy(string folder, string file) => (this.folder, File) = (folder, file);

    public string File { get; }

    /// <returns>Null where the original was changed meanwhile: then the copy may be torn, and is deleted
    /// again.</returns>
    /// <exception cref="IOException">It cannot be read, or there is no room for it.</exception>
    public static PrivateCopy? TryMake(SqliteEventStoreReaderOptions options, CancellationToken ct)
    {
        var before = Seen.Of(options.File);
        var folder = MakeFolder(options.TemporaryFolder);
        var copy = new PrivateCopy(folder, Path.Combine(folder, Path.GetFileName(options.File)));
        try
        {
            RequireRoom(folder, before.Bytes);
            options.Copying?.Invoke(folder, before.Bytes);
            Copy(options.File, copy.File, before.Database.Length, ct);
            if (before.Wal is var (bytes, _)) Copy(options.File + "-wal", copy.File + "-wal", bytes, ct);
            if (Seen.Of(options.File) == before) return copy;
        }
        catch (FileNotFoundException) when (Seen.Of(options.File) != before)
        {
            // A server has just emptied its write-ahead log and gone.
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        copy.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>The texts must not be open to the machine's other users, wherever the copy is.</summary>
    private static string MakeFolder(string? parent)
    {
        const string Prefix = "audit-";
        if (parent is null) return Directory.CreateTempSubdirectory(Prefix).FullName;
        var path = Path.GetFullPath(Path.Combine(parent, Prefix + Path.GetRandomFileName()));
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private static void RequireRoom(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free >= bytes + SpareBytes) return;
        throw new IOException(
            $"A private copy needs {(bytes + SpareBytes) >> 20} MiB in {Path.GetDirectoryName(folder)}, which has {free >> 20} MiB left. "
            + "Set TMPDIR to a folder with room.");
    }

    /// <param name="bytes">No more of it: what is behind them was not there when the copying began.</param>
    private static void Copy(string from, string to, long bytes, CancellationToken ct)
    {
        if (FileIdentity.IsSpecial(from)) throw new IOException($"{from} is no ordinary file.");
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[BufferBytes];
        while (bytes > 0 && source.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes))) is > 0 and var read)
        {
            ct.ThrowIfCancellationRequested();
            target.Write(buffer.AsSpan(0, read));
            bytes -= read;
        }
    }

    /// <summary>The files as they stand; null for a write-ahead log that is not there.</summary>
    private readonly record struct Seen((long Length, DateTime Written) Database, (long Length, DateTime Written)? Wal)
    {
        public long Bytes => Database.Length + (Wal?.Length ?? 0);

        public static Seen Of(string file) => new(
            One(file) ?? throw new FileNotFoundException($"There is no {file}."), One(file + "-wal"));

        private static (long, DateTime)? One(string file) =>
            new FileInfo(file) is { Exists: true } found ? (found.Length, found.LastWriteTimeUtc) : null;
    }
}
