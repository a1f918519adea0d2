namespace EventSourcedStreams.StreamBench;

/// <summary>What a token of a chat client costs the server through a source over it, beside the same client read directly
/// and written to the response: one stream at a model's pace, a few long ones as fast as they go, and 200 short ones,
/// whose tokens share what a stream costs by itself.</summary>
internal static class ChatClientCost
{
    private const string Source = "bench-client";
    private const int Rounds = 5;

    /// <summary>Before anything counts: the compiler makes good code of what has run often.</summary>
    private const int Warm = 4;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        await RunAsync(server, table, "one token every 5 ms", streams: 1, tokens: 1000, paceMs: 5);
        await RunAsync(server, table, "20 streams of 20,000 tokens", streams: 20, tokens: 20_000, paceMs: 0);
        await RunAsync(server, table, "200 streams of 500 tokens", streams: 200, tokens: 500, paceMs: 0);
    }

    private static async Task RunAsync(ServerUnderTest server, Table table, string what, int streams, int tokens, int paceMs)
    {
        var (ours, plain) = (new List<double>(), new List<double>());
        for (var round = -Warm; round < Rounds; round++)
        {
            var input = new { messages = new[] { new { role = "user", content = BenchChatClient.Question(tokens, paceMs) } } };
            var paths = new List<string>();
            for (var i = 0; i < streams; i++) paths.Add(await server.CreateAsync(Source, input) + "/drive");
            var theirs = await OneAsync(server, [.. Enumerable.Repeat($"/plain-client?tokens={tokens}&paceMs={paceMs}", streams)], tokens);
            var mine = await OneAsync(server, paths, tokens);
            if (round < 0) continue;
            plain.Add(theirs);
            ours.Add(mine);
        }

        table.Add($"chat client, {what}: server CPU a token", new Distribution(ours).Median, new Distribution(plain).Median, "µs", "≤ 1.3");
    }

    /// <returns>CPU microseconds of the server, a token.</returns>
    private static async Task<double> OneAsync(ServerUnderTest server, List<string> paths, int tokens)
    {
        var cpu = (await server.UsedAsync()).CpuSeconds;
        var bytes = await Task.WhenAll(paths.Select(path => server.PostAsync(path)));
        var used = (await server.UsedAsync()).CpuSeconds - cpu;
        var expected = (long)tokens * Tokens.Bytes;
        if (bytes.Any(length => length != expected)) throw new InvalidOperationException("A driver did not get all its text.");
        return used * 1e6 / ((long)paths.Count * tokens);
    }
}
