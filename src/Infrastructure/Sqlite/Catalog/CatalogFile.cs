using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>The catalog's file: makes sure that it is ours and whole, and gives connections to it.</summary>
internal sealed class CatalogFile
{
    public const int Corrupt = 11;
    /// <summary>Our own statements compile, and what they write fits, on a sound file.</summary>
    private static readonly int[] Damage = [1, 8, Corrupt, 19, 20, 24, 26];

    /// <summary>Up to this size the whole file is checked when it is opened: it takes no time that is noticed. A larger
    /// one is checked while it is used.</summary>
    private const long CheckedAtOnceBytes = 16 << 20;

    private readonly string path;
    private readonly string connectionString;
    private readonly ILogger logger;

    static CatalogFile() => SQLitePCL.Batteries_V2.Init();

    public CatalogFile(string path, ILogger logger)
    {
        this.path = Path.GetFullPath(path);
        this.logger = logger;
        connectionString = new SqliteConnectionStringBuilder { DataSource = this.path, DefaultTimeout = 10 }.ToString();
    }

    /// <summary>The file cannot be read as the database that it was; told by SQLite's code.</summary>
    public static bool IsDamage(SqliteException e) => Damage.Contains(e.SqliteErrorCode);

    /// <summary>What is found beyond SQLite's own checks.</summary>
    public static SqliteException Unsound(string what) => new(what, Corrupt);

    /// <summary>Closed connections go back to a pool; at most as many are open as are used at the same time.</summary>
    public SqliteConnection Connect(bool writes)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            // A power cut may take the last transactions, never the file's soundness: checkpoint and rows stand in one
            // transaction.
            connection.Execute(writes
                ? "PRAGMA query_only = 0; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 4194304;"
                : "PRAGMA query_only = 1;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Deletes what is of another version or damaged, and makes what is not there.</summary>
    /// <exception cref="InvalidDataException">The file is a database of something else: it is left alone.</exception>
    public void Prepare()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        try
        {
            if (Find() is not { } version) return;
            if (version == CatalogSchema.Version)
            {
                if (new FileInfo(path).Length <= CheckedAtOnceBytes) Check(CancellationToken.None);
                else IsUnchecked = true;
                return;
            }

            logger.CatalogOfAnotherVersion(path, version, CatalogSchema.Version);
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            logger.CatalogDamaged(path, e);
        }

        Recreate();
    }

    /// <summary>The file is too large to have been checked when it was opened.</summary>
    public bool IsUnchecked { get; private set; }

    /// <summary>SQLite's own check of the whole file, then every row against its sum.</summary>
    /// <exception cref="SqliteException">It is damaged.</exception>
    public void Check(CancellationToken ct)
    {
        using var connection = new SqliteConnection(connectionString + ";Pooling=False");
        connection.Open();
        using var interrupting = ct.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
        using (var check = connection.Command("PRAGMA integrity_check(1)"))
            if (check.ExecuteScalar() is not "ok") throw Unsound("SQLite finds it damaged.");
        using var rows = connection.Command($"SELECT {CatalogRows.Columns} FROM streams s");
        using var reader = rows.ExecuteReader();
        while (reader.Read())
        {
            ct.ThrowIfCancellationRequested();
            CatalogRows.Require(reader);
        }
    }

    /// <summary>No other connection may be open.</summary>
    public void Remake(SqliteException damage)
    {
        logger.CatalogDamaged(path, damage);
        Recreate();
    }

    public void Close()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private void Recreate()
    {
        Close();
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"]) File.Delete(path + suffix);
        Find();
    }

    private static bool IsOurs(SqliteConnection connection) =>
        connection.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('checkpoint', 'streams', 'labels')") == 3;

    /// <summary>The version that stands there; null: nothing was there, and it has been made.</summary>
    private long? Find()
    {
        // Not from the pool: a file that is refused is not held.
        using var connection = new SqliteConnection(connectionString + ";Pooling=False");
        connection.Open();
        var tables = connection.Number("SELECT count(*) FROM sqlite_master");
        var isMarked = connection.Number("PRAGMA application_id") == CatalogSchema.ApplicationId;
        if (tables > 0 && !isMarked && IsOurs(connection)) throw Unsound("Its mark is another, and its tables are ours.");
        if (tables > 0 && !isMarked)
            throw new InvalidDataException(
                $"{path} is a database of something else. Give the directory a file of its own, or move this one away.");
        if (tables > 0) return connection.Number("PRAGMA user_version");

        connection.Execute("PRAGMA journal_mode = WAL;");
        connection.ExecuteAtOnce(CatalogSchema.Create);
        return null;
    }
}
