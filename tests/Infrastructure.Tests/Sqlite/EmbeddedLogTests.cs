using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
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

    public Task<SqliteEventStore> OpenAsync(TimeProvider? time = null, Func<SqliteEventStoreOptions, SqliteEventStoreOptions>? with = null) =>
        SqliteEventStore.OpenAsync((with ?? (o => o))(Options), time ?? new ManualTime(), NullLogger.Instance, CancellationToken.None);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
