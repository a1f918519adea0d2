using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

public sealed class EmbeddedLogTests : EventStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override bool CanOpenTwice => false;

    private protected override async Task<IEventStore> OpenAsync() => await folder.OpenAsync(Time);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A folder for one test's log.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("log-").FullName;

    public string Database => System.IO.Path.Combine(Path, "log.db");

    public SqliteEventStoreOptions Options => new() { Path = Path };

    /// <summary>Size of the write-ahead log's file.</summary>
    public long WalBytes => new FileInfo(Database + "-wal") is { Exists: true } wal ? wal.Length : 0;

    public Task<SqliteEventStore> OpenAsync(
        TimeProvider? time = null, Func<SqliteEventStoreOptions, SqliteEventStoreOptions>? with = null, ILogger? logger = null) =>
        SqliteEventStore.OpenAsync((with ?? (o => o))(Options), time ?? new ManualTime(), logger ?? NullLogger.Instance, CancellationToken.None);

    /// <summary>A copy of the log as it is at one moment, as the documentation says that a backup is made.</summary>
    public void BackUp(string file)
    {
        using var tool = EventSourcedStreams.Sqlite.Database.Open(Database, TimeSpan.FromSeconds(10));
        tool.Execute($"VACUUM INTO '{file}'");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
