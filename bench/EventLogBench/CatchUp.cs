using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.EventLogBench;

/// <summary>Reading a text from its beginning, the hash chain checked.</summary>
internal static class CatchUp
{
    private const int Events = 20_000;
    private const int Turns = 7;

    public static async Task RunAsync(BenchFolder folder)
    {
        await using var bytes = await BenchFolder.OpenAsync(folder.Next());
        var node = new NodeRun("node-a", "run-1");
        var log = await StreamLog.OpenAsync(bytes, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, node, CancellationToken.None);
        var stream = new StreamId("catch-up");
        await WriteAsync(log, stream, new EventContext(node, 1, "bench"));

        var stored = new List<Figures>();
        var hashed = new List<Figures>();
        var recorded = new List<Figures>();
        for (var turn = 0; turn < Turns; turn++)
        {
            stored.Add(await Figures.OfAsync(() => ReadStoredAsync(bytes, stream)));
            hashed.Add(await Figures.OfAsync(() => ReadStoredAsync(bytes, stream, isHashed: true)));
            recorded.Add(await Figures.OfAsync(() => ReadAsync(log, stream)));
        }

        Console.WriteLine();
        Console.WriteLine("| reading a text of 20,000 events | events/s | CPU us | allocated B |");
        Console.WriteLine("|---|---|---|---|");
        Print("as stored", Figures.Median(stored), await AllocatedAsync(() => ReadStoredAsync(bytes, stream)));
        Print("as stored, SHA-256 over the same bytes", Figures.Median(hashed), await AllocatedAsync(() => ReadStoredAsync(bytes, stream, isHashed: true)));
        Print("decoded and checked", Figures.Median(recorded), await AllocatedAsync(() => ReadAsync(log, stream)));
    }

    private static void Print(string what, Figures f, long allocated) =>
        Console.WriteLine(FormattableString.Invariant($"| {what} | {f.PerSecond:N0} | {f.CpuMicroseconds:N1} | {allocated:N0} |"));

    private static async Task<long> AllocatedAsync(Func<Task<int>> run)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var events = await run();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / events;
    }

    private static async Task WriteAsync(StreamLog log, StreamId stream, EventContext context)
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(56);
        var head = new StreamHead(Revision.None, ChainHash.Origin);
        var offset = 0L;
        for (var index = 0; index < Events;)
        {
            var events = new List<StreamEvent>();
            if (index == 0)
                events.Add(new StreamCreated(
                    stream, "bench", null, "text/plain", TimeSpan.FromMinutes(2), null, Labels.None, Names.None)
                { At = at });
            for (var i = 0; i < 1000; i++, index++)
            {
                var text = $" and this is sentence number {index}.";
                events.Add(new ChunkPersisted(index, offset, text, at) { At = at });
                offset += Encoding.UTF8.GetByteCount(text);
            }

            var append = new Append(new AppendId(Guid.NewGuid()), stream, head, events, context);
            head = await log.TryAppendAsync(append, CancellationToken.None) is AppendOutcome.Appended appended
                ? appended.Head
                : throw new InvalidOperationException("An append was not acknowledged.");
        }
    }

    private static async Task<int> ReadStoredAsync(SqliteEventStore log, StreamId stream, bool isHashed = false)
    {
        var events = 0;
        var sum = new byte[SHA256.HashSizeInBytes];
        var name = StreamPrefix.Default.Text(stream);
        while (await log.ReadAsync(name, events, forward: true, 256, ReadFrom.Anywhere, CancellationToken.None) is StoreRead.Page page)
        {
            events += page.Events.Count;
            if (isHashed) foreach (var stored in page.Events) SHA256.HashData([.. sum, .. stored.Data.Span, .. stored.Metadata.Span], sum);
            if (page.AtEnd) break;
        }

        return events;
    }

    private static async Task<int> ReadAsync(StreamLog log, StreamId stream)
    {
        var events = 0;
        await foreach (var _ in log.ReadAsync(stream, Revision.None, ReadFrom.Anywhere, CancellationToken.None)) events++;
        return events;
    }
}
