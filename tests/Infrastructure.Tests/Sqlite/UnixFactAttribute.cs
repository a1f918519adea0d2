namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A test that replaces SQLite's system calls, which it allows on Unix alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "SQLite lets its system calls be replaced on Unix alone.";
    }
}
