using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace EventSourcedStreams.StreamBench;

/// <summary>
/// 1,000 observers on one stream of 100 tokens/s for 10 s. Delivery counts from when the driver was told that a revision is durable to when
/// an observer has it; the load runs on the same cores.
/// </summary>
internal static class Observers
{
    private const int Count = 1000;
    private const int Tokens = 1000;
    private const int PaceMs = 10;

    public static async Task RunAsync(ServerUnderTest server, Table table)
    {
        await server.PostAsync(await server.CreateAsync(100, 1) + "/drive");     // warm
        var path = await server.CreateAsync(Tokens, PaceMs);
        await server.GetAsync(path);
        var before = await server.MemoryAsync();
        var arrivals = new ConcurrentBag<(long Revision, long At)>();
        var observers = Enumerable.Range(0, Count)
            .Select(_ => server.GetAsync(path + "/events", bytes => Note(bytes, arrivals)))
            .ToArray();
        await Task.Delay(TimeSpan.FromSeconds(3));                               // until all have joined
        var with = await server.MemoryAsync();
        var (cpu, watch) = (server.CpuSeconds, Stopwatch.StartNew());
        var durable = await DriveAsync(server, path);
        var share = (server.CpuSeconds - cpu) / watch.Elapsed.TotalSeconds;
        await Task.WhenAll(observers);

        var delivery = new Distribution(arrivals
            .Where(arrival => durable.ContainsKey(arrival.Revision))
            .Select(arrival => (arrival.At - durable[arrival.Revision]) * 1000.0 / Stopwatch.Frequency));
        table.Draw("observer-delivery.svg", "From durable to an observer, 1,000 observers of one stream", "ms", ("text streams", delivery));
        table.Add($"1,000 observers: delivery after durability p50 (of {delivery.Count})", delivery.Median, "ms", "");
        table.Add("1,000 observers: delivery after durability p99", delivery.At(0.99), "ms", "< 50 ms");
        table.Add("1,000 observers: resident memory an observer", (with.Resident - before.Resident) / 1024.0 / Count, "KiB", "≤ 20");
        table.Add("1,000 observers: of that on the managed heap", (with.Heap - before.Heap) / 1024.0 / Count, "KiB", "");
        table.Add("1,000 observers: CPU", share * 100, "% of a core", "< 40 %");
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
