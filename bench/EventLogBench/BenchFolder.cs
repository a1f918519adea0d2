using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventLogBench;

internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("event-log-bench-");
    private int logs;

    public string Next() => Path.Combine(folder.FullName, $"{logs++}");

    public static Task<SqliteEventStore> OpenAsync(string path) => SqliteEventStore.OpenAsync(
        new SqliteEventStoreOptions { Path = path }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    public void Dispose() => folder.Delete(recursive: true);
}
