using System.Globalization;
using EventSourcedStreams;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EmbeddedCrash;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using EventId = EventSourcedStreams.Domain.EventId;

// hold <folder>: opens the log, says "open" and waits to be killed. update <folder> <n>: brings an older log up to
// date, and kills itself at the n-th change of a file; says "current" if it comes to its end. append <folder>: appends
// to 16 streams without end; prints "stream revision id" for each event once it has been acknowledged.
if (args[0] == "update")
{
    var path = Path.Combine(args[1], "log.db");
    using (DiskFaults.OnThisThread(DiskFault.Killed, int.Parse(args[2], CultureInfo.InvariantCulture)))
    using (var database = Database.Open(path, TimeSpan.FromSeconds(1)))
        Schema.Prepare(database, path, Schema.Steps, NullLogger.Instance);
    Console.WriteLine("current");
    return;
}

// A test that does not read holds the appends up: that is no time to empty the write-ahead log.
var log = await SqliteEventStore.OpenAsync(
    new SqliteEventStoreOptions { Path = args[1], IdleAfter = TimeSpan.FromMinutes(10) },
    TimeProvider.System, NullLogger.Instance, CancellationToken.None);
Console.WriteLine("open");
if (args[0] == "hold") await Task.Delay(Timeout.Infinite);
await Task.WhenAll(Enumerable.Range(0, 16).Select(i => AppendForEverAsync($"text-{i}")));

async Task AppendForEverAsync(string stream)
{
    await Task.Yield();
    var last = await log.ReadAsync(stream, long.MaxValue, forward: false, 1, ReadFrom.Leader, CancellationToken.None);
    for (var revision = last is StoreRead.Page { Events: [var e] } ? e.Revision : -1; ;)
    {
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid() };
        var events = ids.Select(id => new NewEvent(new EventId(id), "ChunkPersisted", "text/plain", new byte[300], default)).ToArray();
        var result = await log.AppendAsync(
            stream, ExpectedRevision.Exactly(Revision.From(revision)), events, CancellationToken.None);
        if (result is not AppendOutcome.Appended appended) throw new InvalidOperationException(result.ToString());
        revision = appended.Last;
        Console.WriteLine($"{stream} {revision - 1} {ids[0]}\n{stream} {revision} {ids[1]}");
    }
}
