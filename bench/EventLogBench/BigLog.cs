using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>How long a large log takes to open, until the first append and the first read are answered.</summary>
internal static class BigLog
{
    private const int StreamEvents = 500;

    public static async Task RunAsync(BenchFolder folder, int events)
    {
        var path = folder.Next();
        var made = await Figures.OfAsync(() => MakeAsync(path, events));
        var begun = Stopwatch.GetTimestamp();
        await using var log = await BenchFolder.OpenAsync(path);
        var opened = Stopwatch.GetElapsedTime(begun);
        await log.AppendAsync("text-new", ExpectedRevision.NoStream, [EngineAppends.Event()], CancellationToken.None);
        var appended = Stopwatch.GetElapsedTime(begun);
        await log.ReadAsync(EngineAppends.Name(events / StreamEvents / 2), 0, true, 256, ReadFrom.Leader, CancellationToken.None);
        var read = Stopwatch.GetElapsedTime(begun);

        var megabytes = new FileInfo(Path.Combine(path, "log.db")).Length >> 20;
        Console.WriteLine();
        Console.WriteLine("| log of events | MB | made at events/s | opened ms | first append after ms | first read after ms | working set MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Console.WriteLine(FormattableString.Invariant(
            $"| {events:N0} | {megabytes} | {made.PerSecond:N0} | {opened.TotalMilliseconds:N0} | {appended.TotalMilliseconds:N0} | {read.TotalMilliseconds:N0} | {Environment.WorkingSet >> 20} |"));
    }

    /// <summary>Streams beside each other, 64 at a time, as they come in.</summary>
    private static async Task<int> MakeAsync(string path, int events)
    {
        await using var log = await BenchFolder.OpenAsync(path);
        var streams = Math.Max(1, events / StreamEvents);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var stream = Interlocked.Increment(ref next); stream < streams; stream = Interlocked.Increment(ref next))
            {
                for (var made = 0; made < StreamEvents; made += 10)
                {
                    var batch = Enumerable.Range(0, 10).Select(_ => EngineAppends.Event()).ToArray();
                    var expected = ExpectedRevision.Exactly(made == 0 ? Revision.None : Revision.From(made - 1));
                    if (await log.AppendAsync(EngineAppends.Name(stream), expected, batch, CancellationToken.None)
                        is not AppendOutcome.Appended) throw new InvalidOperationException("An append was not acknowledged.");
                }
            }
        })));
        return streams * StreamEvents;
    }
}
