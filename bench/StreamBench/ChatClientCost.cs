namespace EventSourcedStreams.StreamBench;

/// <summary>What a token of a chat client costs the server through a source over it, beside the same client read
/// directly and written to the response: one stream at a model's pace, a few long ones as fast as they go, and 200
/// short ones, whose tokens share what a stream costs by itself.</summary>
internal static class ChatClientCost
{
    private const string Source = "bench-client";
    private const int Rounds = 5;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        await Warmth.SettleAsync(server, async () =>
        {
            foreach (var isOurs in (bool[])[true, false]) await OneAsync(server, isOurs, new Load(Streams: 100, Tokens: 50, PaceMs: 0));
            foreach (var isOurs in (bool[])[true, false]) await OneAsync(server, isOurs, new Load(Streams: 1, Tokens: 50, PaceMs: 5));
        });
        await RunAsync(server, table, "one token every 5 ms", new Load(Streams: 1, Tokens: 1000, PaceMs: 5));
        await RunAsync(server, table, "20 streams of 20,000 tokens", new Load(Streams: 20, Tokens: 20_000, PaceMs: 0));
        await RunAsync(server, table, "200 streams of 500 tokens", new Load(Streams: 200, Tokens: 500, PaceMs: 0));
    }

    private static async Task RunAsync(ServerUnderTest server, Table table, string what, Load load)
    {
        var (ours, plain) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
            foreach (var isOurs in Turns.Of(round))
                (isOurs ? ours : plain).Add(await OneAsync(server, isOurs, load));

        table.Add($"chat client, {what}: server CPU a token", new Distribution(ours).Median, new Distribution(plain).Median, "µs", "≤ 1.3");
    }

    /// <returns>CPU microseconds of the server, a token.</returns>
    private static async Task<double> OneAsync(ServerUnderTest server, bool isOurs, Load load)
    {
        var input = new { messages = new[] { new { role = "user", content = BenchChatClient.Question(load.Tokens, load.PaceMs) } } };
        var paths = new List<string>();
        for (var i = 0; i < load.Streams; i++)
            paths.Add(isOurs ? await server.CreateAsync(Source, input) + "/drive" : $"/plain-client?tokens={load.Tokens}&paceMs={load.PaceMs}");
        var cpu = await server.CpuSecondsAsync();
        var bytes = await Task.WhenAll(paths.Select(path => server.PostAsync(path)));
        var used = await server.CpuSecondsAsync() - cpu;
        var expected = (long)load.Tokens * Tokens.Bytes;
        if (bytes.Any(length => length != expected)) throw new InvalidOperationException("A driver did not get all its text.");
        return used * 1e6 / ((long)load.Streams * load.Tokens);
    }

    private sealed record Load(int Streams, int Tokens, int PaceMs);
}
