namespace EventSourcedStreams.StreamBench;

/// <summary>What a token takes from the source to the driver: one every 5 ms, durable. Short rounds, ours and the plain
/// endpoint's by turns, and of each share the median over the rounds: what else the machine does for some seconds falls
/// on few rounds of either.</summary>
internal static class DriverLatency
{
    private const int Tokens = 400;
    private const int PaceMs = 5;

    /// <summary>Short streams of a round that does not count: what is done once a stream is done often.</summary>
    private const int WarmStreams = 30;

    private const int WarmTokens = 24;

    /// <summary>Whether the process is new when it is counted: what a token waits for the compiler is a figure
    /// too.</summary>
    public static bool IsCold { get; set; }

    /// <summary>How often each of the two is driven.</summary>
    public static int Rounds { get; set; } = 15;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        var (ours, plain) = (new List<Distribution>(), new List<Distribution>());
        var (ourCpu, plainCpu) = (new List<double>(), new List<double>());
        if (!IsCold) await Warmth.SettleAsync(server, () => WarmAsync(server));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var isOurs in Turns.Of(round))
            {
                var ages = new List<double>();
                var path = isOurs ? await server.CreateAsync(Tokens, PaceMs) + "/drive" : ServerUnderTest.Plain(Tokens, PaceMs);
                (isOurs ? ourCpu : plainCpu).Add(await OneAsync(server, path, ages));
                (isOurs ? ours : plain).Add(new Distribution(ages));
            }
        }

        table.Draw(
            "driver-latency.svg", "A token from the source to the driver, one every 5 ms", "µs",
            ("text streams", Distribution.Of(ours)), ("plain endpoint", Distribution.Of(plain)));
        foreach (var (share, name, bar) in new[] { (0.5, "p50", "≤ 1.1"), (0.99, "p99", "≤ 1.5") })
            table.Add($"driver: added latency {name}", MedianAt(ours, share), MedianAt(plain, share), "µs", bar);
        table.Add("driver: server CPU a token", new Distribution(ourCpu).Median, new Distribution(plainCpu).Median, "µs", "≤ 1.5");
    }

    private static async Task WarmAsync(ServerUnderTest server)
    {
        for (var i = 0; i < WarmStreams; i++)
        {
            await OneAsync(server, await server.CreateAsync(WarmTokens, 0) + "/drive", []);
            await OneAsync(server, ServerUnderTest.Plain(WarmTokens, 0), []);
        }

        await OneAsync(server, await server.CreateAsync(Tokens / 4, PaceMs) + "/drive", []);
        await OneAsync(server, ServerUnderTest.Plain(Tokens / 4, PaceMs), []);
    }

    private static double MedianAt(List<Distribution> rounds, double share) => new Distribution(rounds.Select(round => round.At(share))).Median;

    /// <returns>CPU microseconds of the server, a token.</returns>
    private static async Task<double> OneAsync(ServerUnderTest server, string path, List<double> ages)
    {
        var rest = new List<byte>();
        var (cpu, before) = (await server.CpuSecondsAsync(), ages.Count);
        await server.PostAsync(path, bytes =>
        {
            if (rest.Count == 0 && bytes.Length % StreamBench.Tokens.Bytes == 0)
            {
                StreamBench.Tokens.Ages(bytes, ages);
                return;
            }

            rest.AddRange(bytes);
            var whole = rest.Count / StreamBench.Tokens.Bytes * StreamBench.Tokens.Bytes;
            StreamBench.Tokens.Ages(rest.GetRange(0, whole).ToArray(), ages);
            rest.RemoveRange(0, whole);
        });
        return (await server.CpuSecondsAsync() - cpu) * 1e6 / (ages.Count - before);
    }
}
