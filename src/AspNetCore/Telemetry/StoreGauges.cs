using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What is asked of the log, its files and their disk when metrics are read.</summary>
internal static class StoreGauges
{
    /// <param name="isAvailable">Whether the log takes this node's writes.</param>
    /// <param name="folder">Where the log and the catalog lie, or the catalog alone; null: not known yet.</param>
    /// <param name="log">The embedded log; null: there is none, or it is not open.</param>
    /// <returns>To be disposed of with the host.</returns>
    public static IReadOnlyList<IDisposable> Of(
        StreamMetrics metrics, Func<bool> isAvailable, Func<string?> folder, Func<SqliteEventStore?> log) =>
    [
        metrics.LogAvailable.Feed(() => isAvailable() ? 1 : 0),
        metrics.LogQueue.Feed(() => log()?.Queued),
        metrics.LogSize.Feed(() => Size(folder(), "log.db"), "log"),
        metrics.LogSize.Feed(() => Size(folder(), "log.db-wal"), "wal"),
        metrics.LogSize.Feed(() => Size(folder(), "directory.db") + (Size(folder(), "directory.db-wal") ?? 0), "directory"),
        metrics.DiskFree.Feed(() => Disk(folder())?.AvailableFreeSpace),
        metrics.DiskSize.Feed(() => Disk(folder())?.TotalSize),
    ];

    private static double? Size(string? folder, string file) =>
        folder is not null && new FileInfo(Path.Combine(folder, file)) is { Exists: true } there ? there.Length : null;

    /// <summary>Null: it does not say now.</summary>
    private static DriveInfo? Disk(string? folder)
    {
        if (folder is null || !Directory.Exists(folder)) return null;
        var disk = new DriveInfo(Path.GetFullPath(folder));
        return disk.IsReady ? disk : null;
    }
}
