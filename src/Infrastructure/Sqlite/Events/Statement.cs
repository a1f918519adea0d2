using System.Text;
using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>The longest name whose UTF-8 is made on the stack.</summary>
    private const int OnStack = 512;

    public Statement Bind(int parameter, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        if (value is { } number) return Bind(parameter, number);
        database.Check(raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        var max = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = max <= OnStack ? stackalloc byte[OnStack] : new byte[max];
        return BindUtf8(parameter, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
    }

    public Statement BindUtf8(int parameter, ReadOnlySpan<byte> utf8)
    {
        database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    /// <summary>No bytes are a blob without length, not NULL.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        database.Check(blob.IsEmpty
            ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
            : raw.sqlite3_bind_blob(handle, parameter, blob));
        return this;
    }

    /// <summary>True where there is a row. An error leaves the statement reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        try
        {
            database.Check(code);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs it to its end and makes it ready for the next time.</summary>
    public void Run()
    {
        while (Step()) { }
        Reset();
    }

    /// <summary>The first column of the first row, if any; the statement is ready for the next time.</summary>
    public long? Number()
    {
        var value = Step() ? Int64(0) : (long?)null;
        Reset();
        return value;
    }

    /// <summary>The same; null too where the file is damaged where it stands.</summary>
    public long? NumberIfReadable()
    {
        try
        {
            return Number();
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return null;
        }
    }

    /// <summary>Ends the statement, and with the last one the read transaction. Step has already told of an
    /// error.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Utf8(int column)
    {
        // As a blob: SQLite's own text ends at a zero byte that damage may have put there.
        return raw.sqlite3_column_blob(handle, column);
    }

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>Length without fetching the value.</summary>
    public int Length(int column) => raw.sqlite3_column_bytes(handle, column);

    public void Dispose() => handle.Dispose();
}
