namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A test of what can be done on Unix alone: replace SQLite's system calls, remove files that are
/// open.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = UnixTheoryAttribute.Why;
    }
}

/// <inheritdoc cref="UnixFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    internal const string Why = "Windows keeps files that are open, and SQLite lets its system calls be replaced on Unix alone.";

    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = Why;
    }
}
