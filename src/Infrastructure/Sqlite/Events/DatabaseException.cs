using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <param name="code">SQLite's extended result code.</param>
internal sealed class DatabaseException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code;

    private int Primary => Code & 0xFF;

    /// <summary>Besides what SQLite calls damage: our own statements do not fail to compile, to fit or to be unique on
    /// a sound file.</summary>
    public bool IsDamage => Primary is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_FORMAT or raw.SQLITE_ERROR
        or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT;

    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;
}
