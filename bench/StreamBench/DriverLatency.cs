namespace EventSourcedStreams.StreamBench;

/// <summary>What a token takes from the source to the driver: 2,000 tokens, one every 5 ms, durable.</summary>
internal static class DriverLatency
{
    private const int Tokens = 2000;
    private const int PaceMs = 5;

    /// <summary>Before anything counts: the compiler takes its time with a new process, of either kind.</summary>
    private const int Warm = 4000;

    /// <summary>How often each of the two is driven.</summary>
    public static int Rounds { get; set; } = 5;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        var (ours, plain) = (new List<double>(), new List<double>());
        var (ourCpu, plainCpu) = (new List<double>(), new List<double>());
        await OneAsync(server, ServerUnderTest.Plain(Warm, 1), []);
        await OneAsync(server, await server.CreateAsync(Warm, 1) + "/drive", []);
        for (var round = 0; round < Rounds; round++)
        {
            plainCpu.Add(await OneAsync(server, ServerUnderTest.Plain(Tokens, PaceMs), plain));
            ourCpu.Add(await OneAsync(server, await server.CreateAsync(Tokens, PaceMs) + "/drive", ours));
        }

        var (mine, theirs) = (new Distribution(ours), new Distribution(plain));
        table.Draw("driver-latency.svg", "A token from the source to the driver, one every 5 ms", "µs", ("text streams", mine), ("plain endpoint", theirs));
        table.Add("driver: added latency p50", mine.Median, theirs.Median, "µs", "≤ 1.1");
        table.Add("driver: added latency p99", mine.At(0.99), theirs.At(0.99), "µs", "≤ 1.5");
        table.Add("driver: server CPU a token", new Distribution(ourCpu).Median, new Distribution(plainCpu).Median, "µs", "≤ 1.5");
    }

    /// <returns>CPU microseconds of the server, a token.</returns>
    private static async Task<double> OneAsync(ServerUnderTest server, string path, List<double> ages)
    {
        var rest = new List<byte>();
        var (cpu, before) = (server.CpuSeconds, ages.Count);
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
        return (server.CpuSeconds - cpu) * 1e6 / (ages.Count - before);
    }
}
