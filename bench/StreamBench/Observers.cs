using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace EventSourcedStreams.StreamBench;

/// <summary>
/// 1,000 observers on one stream of 100 tokens/s for 10 s. Delivery counts from when the driver was told that a
/// revision is durable to when an observer has it; the load runs on the same cores. Beside it a plain endpoint that has
/// a channel for each observer and flushes every token. Each has had as many observers before it is counted, more than
/// once, which came, got a second of text and left: a new process compiles what it runs, and fills its pools.
/// </summary>
internal static class Observers
{
    private const int Count = 1000;
    private const int Tokens = 1000;
    private const int WarmTokens = 100;
    private const int PaceMs = 10;

    /// <summary>How long as many observers take to come, amply.</summary>
    private static readonly TimeSpan UntilJoined = TimeSpan.FromSeconds(3);

    /// <summary>Whether the process is new to observers when it is counted: what it costs then is a figure
    /// too.</summary>
    public static bool IsCold { get; set; }

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        await server.PostAsync(await server.CreateAsync(100, 1) + "/drive");     // warm
        var plain = await PlainAsync();
        await WarmAsync(server, async () =>
        {
            var warm = await server.CreateAsync(WarmTokens, PaceMs);
            return (warm + "/events", () => DriveAsync(server, warm));
        });
        var path = await server.CreateAsync(Tokens, PaceMs);
        await server.GetAsync(path);
        var arrivals = new ConcurrentBag<(long Revision, long At)>();
        Dictionary<long, long> durable = [];
        var ours = await OneAsync(
            server, path + "/events", bytes => Note(bytes, arrivals), async () => durable = await DriveAsync(server, path));

        var delivery = new Distribution(arrivals
            .Where(arrival => durable.ContainsKey(arrival.Revision))
            .Select(arrival => (arrival.At - durable[arrival.Revision]) * 1000.0 / Stopwatch.Frequency));
        table.Draw("observer-delivery.svg", "From durable to an observer, 1,000 observers of one stream", "ms", ("text streams", delivery));
        table.Add($"1,000 observers: delivery after durability p50 (of {delivery.Count})", delivery.Median, "ms", "");
        table.Add("1,000 observers: delivery after durability p99", delivery.At(0.99), "ms", "< 50 ms");
        table.Add("1,000 observers: resident memory an observer", ours.Resident, plain.Resident, "KiB", "≤ 1");
        table.Add("1,000 observers: of that on the managed heap", ours.Heap, plain.Heap, "KiB", "");
        table.Add("1,000 observers: server CPU", ours.Cpu, "% of a core", "≤ 15 %");
        table.Add("1,000 observers: server CPU, each with a flush a token", ours.Cpu, plain.Cpu, "% of a core", "");
    }

    /// <summary>In a process of its own: memory that one leaves behind would be the other's.</summary>
    private static async Task<(double Resident, double Heap, double Cpu)> PlainAsync()
    {
        await using var server = await ServerUnderTest.StartAsync(LogUnderTest.Embedded);
        await server.PostAsync(await server.CreateAsync(100, 1) + "/drive");     // as warm as the other
        await WarmAsync(server, () => Task.FromResult<(string, Func<Task>)>(("/plain-events", () => SpeakAsync(server, WarmTokens))));
        return await OneAsync(server, "/plain-events", _ => { }, () => SpeakAsync(server, Tokens));
    }

    private static Task<long> SpeakAsync(ServerUnderTest server, int tokens) => server.PostAsync($"/plain-speak?tokens={tokens}&paceMs={PaceMs}");

    /// <summary>The observers have connections of their own, which are closed when they leave: those that are counted
    /// cost their connections too.</summary>
    private static async Task WarmAsync(ServerUnderTest server, Func<Task<(string Path, Func<Task> SpeakAsync)>> prepareAsync)
    {
        if (IsCold) return;
        await Warmth.SettleAsync(server, async () =>
        {
            var (path, speakAsync) = await prepareAsync();
            using (var client = server.NewClient())
            {
                var observers = Enumerable.Range(0, Count).Select(_ => ServerUnderTest.GetAsync(client, path)).ToArray();
                await Task.Delay(UntilJoined);
                await speakAsync();
                await Task.WhenAll(observers);
            }

            await Task.Delay(UntilJoined);                                       // until the server is rid of them
        });
    }

    /// <returns>KiB an observer, and the server's CPU in % of a core while it is spoken.</returns>
    private static async Task<(double Resident, double Heap, double Cpu)> OneAsync(
        ServerUnderTest server, string path, Action<ReadOnlySpan<byte>> take, Func<Task> speakAsync)
    {
        var before = await server.MemoryAsync();
        var observers = Enumerable.Range(0, Count).Select(_ => server.GetAsync(path, take)).ToArray();
        await Task.Delay(UntilJoined);
        var with = await server.MemoryAsync();
        var (cpu, watch) = (await server.CpuSecondsAsync(), Stopwatch.StartNew());
        await speakAsync();
        var share = (await server.CpuSecondsAsync() - cpu) / watch.Elapsed.TotalSeconds;
        await Task.WhenAll(observers);
        return ((with.Resident - before.Resident) / 1024.0 / Count, (with.Heap - before.Heap) / 1024.0 / Count, share * 100);
    }

    private static async Task<Dictionary<long, long>> DriveAsync(ServerUnderTest server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path + "/drive");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var durable = new Dictionary<long, long>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.EventType != "saved") continue;
            using var data = System.Text.Json.JsonDocument.Parse(item.Data);
            durable[data.RootElement.GetProperty("revision").GetInt64()] = Stopwatch.GetTimestamp();
        }

        return durable;
    }

    private static void Note(ReadOnlySpan<byte> bytes, ConcurrentBag<(long, long)> arrivals)
    {
        var now = Stopwatch.GetTimestamp();
        while (bytes.IndexOf("id: "u8) is >= 0 and var at)
        {
            bytes = bytes[(at + 4)..];
            if (System.Buffers.Text.Utf8Parser.TryParse(bytes, out long revision, out _)) arrivals.Add((revision, now));
        }
    }
}
