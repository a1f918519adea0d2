using System.Diagnostics;

namespace EventSourcedStreams.StreamBench;

/// <summary>200 streams of 500 tokens, as fast as they go; ours end when all text is durable.</summary>
internal static class Throughput
{
    private const int Streams = 200;
    private const int Tokens = 500;

    /// <summary>Measured ones, each of a fraction of a second.</summary>
    public static int Rounds { get; set; } = 15;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        var (ours, plain) = (new List<(double Rate, double Cpu)>(), new List<(double Rate, double Cpu)>());
        await Warmth.SettleAsync(server, async () =>
        {
            foreach (var isOurs in (bool[])[true, false]) await OneAsync(server, isOurs);
            await Task.Delay(Warmth.Rest);
        });
        for (var round = 0; round < Rounds; round++)
            foreach (var isOurs in Turns.Of(round))
                (isOurs ? ours : plain).Add(await OneAsync(server, isOurs));

        table.Add(
            "200 streams: tokens/s",
            new Distribution(ours.Select(o => o.Rate)).Median, new Distribution(plain.Select(p => p.Rate)).Median, "/s", "≥ 0.8");
        table.Add(
            "200 streams: server CPU a token",
            new Distribution(ours.Select(o => o.Cpu)).Median, new Distribution(plain.Select(p => p.Cpu)).Median, "µs", "≤ 1.5");
    }

    private static async Task<(double Rate, double Cpu)> OneAsync(ServerUnderTest server, bool isOurs)
    {
        var paths = new List<string>();
        for (var i = 0; i < Streams; i++) paths.Add(isOurs ? await server.CreateAsync(Tokens, 0) + "/drive" : ServerUnderTest.Plain(Tokens, 0));
        var (cpu, watch) = (await server.CpuSecondsAsync(), Stopwatch.StartNew());
        var bytes = await Task.WhenAll(paths.Select(path => server.PostAsync(path)));
        var (seconds, used) = (watch.Elapsed.TotalSeconds, await server.CpuSecondsAsync() - cpu);
        var expected = (long)Tokens * StreamBench.Tokens.Bytes;
        if (bytes.Any(length => length != expected)) throw new InvalidOperationException("A driver did not get all its text.");
        var tokens = (double)paths.Count * Tokens;
        return (tokens / seconds, used * 1e6 / tokens);
    }
}
