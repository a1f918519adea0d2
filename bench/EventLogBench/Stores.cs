using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>The adapter over a served embedded log and, where one is named, over a real server, beside the embedded log
/// itself.</summary>
internal static class Stores
{
    private const int Turns = 3;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>JSON of 207 bytes, without metadata.</summary>
    private static readonly byte[] Data = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{new string('d', 196)}}"}""");

    public static async Task RunAsync(BenchFolder folder)
    {
        await using var embedded = await BenchFolder.OpenAsync(folder.Next());
        await using var process = await ServedLog.StartAsync(folder.Next());
        var served = await ComparedLog.OnStoreAsync("served", process.ConnectionString, process.Process);
        await using var servedLog = served.Log;
        var named = await ComparedLog.NamedAsync();
        await using var namedLog = named?.Log;
        ComparedLog[] logs = [new("embedded", embedded, null), served, .. named is null ? [] : new[] { named }];

        Console.WriteLine();
        Console.WriteLine("| 207-byte events | log | p50 us | p99 us | events/s | CPU us an event | of the server | events/s, to embedded |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        await CompareAsync("one append after another", logs, Turns, log => OneAppends.RunAsync(log, NextStream(), Event));
        foreach (var writers in new[] { 64, 256 })
            await CompareAsync($"{writers} streams, one event an append", logs, Turns, log => AppendsAsync(log, writers, 1));
        await CompareAsync("16 streams, 100 events an append", logs, Turns, log => AppendsAsync(log, 16, 100));

        var reads = new StoreReads(NextStream(), Event);
        foreach (var log in logs) await reads.WriteAsync(log.Log);
        await CompareAsync("read in pages of 256", logs, Turns, log => reads.PagesAsync(log, 256));
        await CompareAsync("read in pages of 4,096", logs, Turns, log => reads.PagesAsync(log, 4096));
        await CompareAsync("catch-up on a stream", logs, Turns, reads.FollowAsync);
        await CompareAsync("catch-up on everything", logs, Turns, StoreReads.FollowAllAsync);
        await CompareAsync("from send to delivery, one after another", logs, Turns, log => Delivery.RunAsync(log, NextStream(), Event));
    }

    /// <summary>The logs in turns, so that what else the machine does meets them all.</summary>
    private static async Task CompareAsync(string what, ComparedLog[] logs, int turns, Func<IEventStore, Task<Load>> run)
    {
        foreach (var log in logs) await run(log.Log);                            // warm
        var all = logs.Select(_ => new List<(Figures Figures, Load Load)>()).ToArray();
        for (var turn = 0; turn < turns; turn++)
        {
            for (var i = 0; i < logs.Length; i++)
            {
                Load? load = null;
                var figures = await Figures.OfAsync(async () => (load = await run(logs[i].Log)).Events, logs[i].Server);
                all[i].Add((figures, load!));
            }
        }

        var baseline = Figures.Median(all[0].Select(one => one.Figures));
        for (var i = 0; i < logs.Length; i++)
        {
            var median = Figures.Median(all[i].Select(one => one.Figures));
            var latencies = all[i].SelectMany(one => one.Load.Microseconds).Order().ToArray();
            var server = logs[i].Server is null ? "" : FormattableString.Invariant($"{median.ServerCpuMicroseconds:N1}");
            Console.WriteLine(FormattableString.Invariant(
                $"| {what} | {logs[i].Name} | {At(latencies, 0.5)} | {At(latencies, 0.99)} | {median.PerSecond:N0} | {median.CpuMicroseconds:N1} | {server} | {median.PerSecond / baseline.PerSecond:N2} |"));
        }
    }

    private static string At(double[] sorted, double share) =>
        sorted.Length == 0 ? "" : FormattableString.Invariant($"{sorted[(int)(share * sorted.Length)]:N0}");

    private static async Task<Load> AppendsAsync(IEventStore log, int writers, int events) => new(await new EngineAppends(
        writers, Duration, NextStream(), () => [.. Enumerable.Range(0, events).Select(_ => Event())]).RunAsync(log));

    private static NewEvent Event() => EngineAppends.Event(Data, []);

    /// <summary>A real server keeps what earlier runs wrote.</summary>
    private static string NextStream() => $"bench-{Guid.NewGuid():N}-";
}
