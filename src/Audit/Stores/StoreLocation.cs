using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.EventStoreDb;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>Where a store is, as <c>--store</c> says it.</summary>
public abstract record StoreLocation
{
    private StoreLocation() { }

    /// <summary>For what is handed on: the file or the hosts, no folder of this machine.</summary>
    public string Name => this switch
    {
        Embedded { File: var file } => Path.GetFileName(file),
        Export { File: var file } => Path.GetFileName(file),
        _ => ToString()!,
    };

    /// <param name="File">The database's full path: <c>log.db</c> in the folder that was named, or the file
    /// itself.</param>
    public sealed record Embedded(string File) : StoreLocation
    {
        public string Folder => Path.GetDirectoryName(File)!;

        public override string ToString() => File;
    }

    /// <param name="File">What <c>audit export</c> wrote, compressed or not; only to be read.</param>
    public sealed record Export(string File) : StoreLocation
    {
        public override string ToString() => File;
    }

    /// <param name="ConnectionString">May hold a password: it is never shown.</param>
    public sealed record EventStoreDb(string ConnectionString) : StoreLocation
    {
        /// <summary>Scheme and hosts, without user, password and settings.</summary>
        public override string ToString()
        {
            var hosts = ConnectionString[(ConnectionString.IndexOf("://", StringComparison.Ordinal) + 3)..];
            hosts = hosts[(hosts.LastIndexOf('@') + 1)..];
            return ConnectionString[..ConnectionString.IndexOf("://", StringComparison.Ordinal)] + "://" + hosts.Split('/', '?')[0];
        }
    }

    /// <summary>The same, read with a server's key, as the password of the connection string; other places need
    /// none.</summary>
    public StoreLocation WithKey(string? key)
    {
        if (key is null || this is not EventStoreDb { ConnectionString: var text } || text.Contains('@', StringComparison.Ordinal)) return this;
        var hosts = text.IndexOf("://", StringComparison.Ordinal) + 3;
        return new EventStoreDb($"{text[..hosts]}key:{Uri.EscapeDataString(key)}@{text[hosts..]}");
    }

    /// <exception cref="AuditException">Neither a path nor a connection string that is known.</exception>
    public static StoreLocation Parse(string text)
    {
        var connection = text.Trim();
        if (connection.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end)
        {
            return EventStoreDbOptions.Schemes.Contains(connection[..end], StringComparer.OrdinalIgnoreCase)
                ? new EventStoreDb(connection)
                : throw new AuditException(
                    $"No store begins with {connection[..end]}://. Give a folder, or one of {string.Join(", ", EventStoreDbOptions.Schemes)}://…");
        }

        if (text.Length == 0) throw new AuditException("--store is empty. Give a folder, or a connection string.");
        var path = Path.GetFullPath(text);
        OrdinaryFile.Require(path);
        if (!File.Exists(path)) return new Embedded(Path.Combine(path, "log.db"));
        return IsExport(path) ? new Export(path) : new Embedded(path);
    }

    /// <summary>By its first bytes, a JSON object or gzip's: a database has its own, however it was named.</summary>
    private static bool IsExport(string file)
    {
        using var opened = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        Span<byte> first = stackalloc byte[2];
        return opened.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2 && first is [(byte)'{', _] or [0x1F, 0x8B];
    }
}
