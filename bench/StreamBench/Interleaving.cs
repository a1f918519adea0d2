using System.Text.Json;

namespace EventSourcedStreams.StreamBench;

/// <summary>200 streams of 500 tokens, as fast as they go: thought and text by turns, beside text alone.</summary>
internal static class Interleaving
{
    private const int Streams = 200;
    private const int Tokens = 500;
    private const int Rounds = 5;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        var (mixed, alone) = (new List<(double Cpu, double Events)>(), new List<(double Cpu, double Events)>());
        await Warmth.SettleAsync(server, async () =>
        {
            foreach (var source in (string[])["bench", "bench-parts"]) await OneAsync(server, source);
            await Task.Delay(Warmth.Rest);
        });
        for (var round = 0; round < Rounds; round++)
            foreach (var isMixed in Turns.Of(round))
                (isMixed ? mixed : alone).Add(await OneAsync(server, isMixed ? "bench-parts" : "bench"));

        table.Add(
            "200 streams: server CPU a token, thought and text by turns beside text alone",
            new Distribution(mixed.Select(o => o.Cpu)).Median, new Distribution(alone.Select(p => p.Cpu)).Median, "µs", "≤ 1.15");
        table.Add(
            "200 streams: events a stream, likewise",
            new Distribution(mixed.Select(o => o.Events)).Median, new Distribution(alone.Select(p => p.Events)).Median, "", "≤ 3");
    }

    private static async Task<(double Cpu, double Events)> OneAsync(ServerUnderTest server, string source)
    {
        var streams = new List<string>();
        for (var i = 0; i < Streams; i++) streams.Add(await server.CreateAsync(Tokens, 0, source));
        var cpu = await server.CpuSecondsAsync();
        await Task.WhenAll(streams.Select(stream => server.PostAsync(stream + "/drive")));
        var used = await server.CpuSecondsAsync() - cpu;
        var events = 0L;
        foreach (var stream in streams)
            events += (await server.Client.GetFromJsonAsync<JsonElement>(stream + "?text=false")).GetProperty("revision").GetInt64() + 1;
        return (used * 1e6 / (Streams * Tokens), (double)events / Streams);
    }
}
