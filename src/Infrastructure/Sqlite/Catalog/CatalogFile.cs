using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>The directory's file: makes sure that it is ours and whole, and gives connections to it.</summary>
internal sealed class CatalogFile
{
    public const int Corrupt = 11;
    private const int NotADatabase = 26;

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
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;

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
            if (Find() is not { } version || version == CatalogSchema.Version) return;
            logger.CatalogOfAnotherVersion(path, version, CatalogSchema.Version);
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            logger.CatalogDamaged(path, e);
        }

        Recreate();
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

    /// <summary>The version that stands there; null: nothing was there, and it has been made.</summary>
    private long? Find()
    {
        // Not from the pool: a file that is refused is not held.
        using var connection = new SqliteConnection(connectionString + ";Pooling=False");
        connection.Open();
        var tables = connection.Number("SELECT count(*) FROM sqlite_master");
        if (tables > 0 && connection.Number("PRAGMA application_id") != CatalogSchema.ApplicationId)
            throw new InvalidDataException(
                $"{path} is a database of something else. Give the directory a file of its own, or move this one away.");
        if (tables > 0) return connection.Number("PRAGMA user_version");

        connection.Execute("PRAGMA journal_mode = WAL;");
        connection.ExecuteAtOnce(CatalogSchema.Create);
        return null;
    }
}
