using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Streams written as the codec writes them, with the times and labels that a test wants.</summary>
internal static class StoredStreams
{
    private static readonly EventContext Context = new(Scenario.Node, 1, "alice");

    /// <summary>Appends a stream's events in one batch.</summary>
    public static async Task WriteAsync(this IEventStore log, string id, params StreamEvent[] events)
    {
        var append = new Append(new AppendId(Guid.NewGuid()), new StreamId(id), StreamHead.None, events, Context);
        (await log.AppendAsync(StreamPrefix.Default.Text(append.Stream), ExpectedRevision.NoStream, StreamCodec.Encode(append).Events, default))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    public static Task<SqliteEventStore> OpenLogAsync(this TempFolder folder) => SqliteEventStore.OpenAsync(
        new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);

    /// <summary>Runs SQL on a log that no process has open: what a forger with SQLite's own tool would do.</summary>
    public static void Tamper(this TempFolder folder, string sql)
    {
        using var database = Sqlite.Database.Open(folder.File("log.db"), TimeSpan.FromSeconds(10));
        database.Execute(sql);
    }
}
