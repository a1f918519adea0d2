using System.Diagnostics;

namespace EventSourcedStreams.StreamBench;

/// <summary>A finished text of about 1 MB that was written as 20,000 tokens or more, read from the beginning, by one
/// and by 100 readers.</summary>
internal static class CatchUp
{
    private const int Tokens = 44_000;
    private const int Rounds = 15;

    /// <summary>Readers of a round that does not count.</summary>
    private const int Warm = 100;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        var path = await server.CreateAsync(Tokens, 0);
        await server.PostAsync(path + "/drive");
        await ReadAsync(server, table, path + "/text", "GET …/text", ("≤ 1.2", "≤ 1.1"));
        await ReadAsync(server, table, path + "/events", "GET …/events", ("≤ 1.3", "≤ 1.3"));
    }

    private static async Task ReadAsync(ServerUnderTest server, Table table, string ours, string what, (string One, string Hundred) bars)
    {
        var bytes = await server.GetAsync(ours);
        var plain = $"/plain-bytes?bytes={bytes}";
        await Warmth.SettleAsync(server, async () =>
        {
            await OneAsync(server, ours, Warm);
            await OneAsync(server, plain, Warm);
            await Task.Delay(Warmth.Rest);
        });
        foreach (var (readers, bar) in new[] { (1, bars.One), (100, bars.Hundred) })
        {
            var (mine, theirs) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
                foreach (var isOurs in Turns.Of(round))
                    (isOurs ? mine : theirs).Add(await OneAsync(server, isOurs ? ours : plain, readers));

            table.Add(
                $"{what} of {bytes / 1e6:0.00} MB, {readers} at once, last done",
                new Distribution(mine).Median, new Distribution(theirs).Median, "ms", bar);
        }
    }

    private static async Task<double> OneAsync(ServerUnderTest server, string path, int readers)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, readers).Select(_ => server.GetAsync(path)));
        return watch.Elapsed.TotalMilliseconds;
    }
}
