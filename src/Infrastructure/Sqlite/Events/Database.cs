using System.Diagnostics;
using System.Text;
using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <summary>One SQLite connection, for one thread at a time. Spoken to directly: the ADO.NET layer costs an append more
/// than SQLite does, and retries a busy database on its own terms.</summary>
internal sealed partial class Database : IDisposable
{
    private readonly sqlite3 handle;
    private readonly List<Statement> statements = [];

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle) => this.handle = handle;

    /// <param name="busyTimeout">Some builds of SQLite know whole seconds only, and less as none at all.</param>
    public static Database Open(string path, TimeSpan busyTimeout) =>
        Open(path, busyTimeout, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    /// <summary>As <see cref="Open(string, TimeSpan)"/>, but makes none where there is none.</summary>
    public static Database OpenExisting(string path, TimeSpan busyTimeout) => Open(path, busyTimeout, raw.SQLITE_OPEN_READWRITE);

    /// <summary>Makes no database, and neither copies the write-ahead log into it nor removes it, also not as the last
    /// one that closes it. What it does write, as every reader of a database in WAL mode, is its place in the
    /// <c>-shm</c> beside it, made where it is missing.</summary>
    public static Database OpenReadOnly(string path, TimeSpan busyTimeout)
    {
        var database = Open(path, busyTimeout, raw.SQLITE_OPEN_READONLY);
        const int NoCheckpointOnClose = 1006;
        _ = raw.sqlite3_db_config(database.handle, NoCheckpointOnClose, 1, out _);
        return database;
    }

    /// <summary>What is made over this connection, which is closed where that fails.</summary>
    public T Into<T>(Func<Database, T> make)
    {
        try
        {
            return make(this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static Database Open(string path, TimeSpan busyTimeout, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(handle);
        if (code != raw.SQLITE_OK)
        {
            using (database) throw database.Error(code);
        }

        _ = raw.sqlite3_extended_result_codes(handle, 1);
        _ = raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds);
        return database;
    }

    /// <summary>The rowid of the last insert.</summary>
    public long LastInserted => raw.sqlite3_last_insert_rowid(handle);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>Prepared until the connection is closed.</summary>
    public Statement Prepare(string sql)
    {
        // 1: SQLITE_PREPARE_PERSISTENT, it will be used for long.
        Check(raw.sqlite3_prepare_v3(handle, Encoding.UTF8.GetBytes(sql + '\0').AsSpan(0..^1), 1, out var prepared));
        var statement = new Statement(this, prepared);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Ends every statement, so that a transaction can end.</summary>
    public void ResetAll()
    {
        foreach (var statement in statements) statement.Reset();
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql));

    /// <summary>The first column of the first row; null where there is no row.</summary>
    public long? Number(string sql)
    {
        using var statement = PrepareOnce(sql);
        return statement.Step() ? statement.Int64(0) : null;
    }

    /// <inheritdoc cref="Number"/>
    public string? Text(string sql)
    {
        using var statement = PrepareOnce(sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>The caller's to dispose.</summary>
    public Statement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v2(handle, sql, out var prepared));
        return new Statement(this, prepared);
    }

    /// <summary>Pages that this connection has written since it was last asked.</summary>
    public int TakePagesWritten()
    {
        const int CacheWrite = 9;
        _ = raw.sqlite3_db_status(handle, CacheWrite, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <param name="patience">How long to wait for others. Not SQLite's own waiting: some builds of it sleep for whole
    /// seconds, or, when less is allowed, not at all.</param>
    /// <returns>False where another connection, reading or writing, kept it from being complete.</returns>
    public bool Checkpoint(int mode, TimeSpan patience, out int pages)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out pages, out var copied);
            var isBusy = (code & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;
            if (!isBusy) Check(code);
            if (!isBusy && pages == copied) return true;
            if (Stopwatch.GetElapsedTime(begun) >= patience) return false;
            Thread.Sleep(1);
        }
    }

    /// <summary>How many pages stand in the write-ahead log, copied into the database or not. Outside of a
    /// transaction.</summary>
    public int WalFrames()
    {
        const int Noop = -1;
        var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", Noop, out var pages, out _);
        if ((code & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return 0;
        Check(code);
        return pages;
    }

    /// <summary>Makes what runs on the connection stop; may be called from any thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(handle);

    public void Dispose()
    {
        foreach (var statement in statements) statement.Dispose();
        _ = raw.sqlite3_close_v2(handle);
        handle.Dispose();
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Error(code);
    }

    private DatabaseException Error(int code) => (code & 0xFF) == raw.SQLITE_INTERRUPT && budget is { IsSpent: true }
        ? new DatabaseException(raw.SQLITE_CORRUPT, ReadBudget.Spent)
        : new DatabaseException(code, raw.sqlite3_errmsg(handle).utf8_to_string());
}
