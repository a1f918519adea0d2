namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A test that mounts something. Skipped where we are not root on Linux, but never in CI: there it must
/// run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        var mayMount = OperatingSystem.IsLinux() && Environment.UserName == "root";
        if (!mayMount && Environment.GetEnvironmentVariable("CI") != "true") Skip = "Needs root on Linux, to mount a small file system.";
    }
}
