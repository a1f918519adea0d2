using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventSourcedStreams.Web;

namespace EventSourcedStreams.StreamBench;

/// <summary>The server as a process of its own, so that its CPU time and memory can be told from the load's.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const string KeyName = "bench";

    private readonly Process process;
    private readonly string folder;
    private readonly LogUnderTest log;
    private int made;

    private ServerUnderTest(Process process, string folder, LogUnderTest log, HttpClient client, Func<HttpClient> newClient) =>
        (this.process, this.folder, this.log, Client, NewClient) = (process, folder, log, client, newClient);

    /// <summary>The server asks its callers for a key.</summary>
    public static bool HasKeys { get; set; }

    /// <summary>Where the server sends its traces and metrics; null: nowhere.</summary>
    public static Collector? Collector { get; set; }

    public HttpClient Client { get; }

    /// <summary>Makes a client with connections of its own.</summary>
    public Func<HttpClient> NewClient { get; }

    /// <summary>What the process has used so far, as it says itself: what others see of its CPU time has steps of
    /// 10 ms.</summary>
    public async Task<Used> UsedAsync() => (await Client.GetFromJsonAsync<Used>("/used"))!;

    public async Task<double> CpuSecondsAsync() => (await UsedAsync()).CpuSeconds;

    /// <summary>After a full collection, in bytes: what the process has resident, and of that the managed
    /// heap.</summary>
    public async Task<(long Resident, long Heap)> MemoryAsync()
    {
        var heap = long.Parse(await Client.GetStringAsync(new Uri("/collect", UriKind.Relative)), CultureInfo.InvariantCulture);
        process.Refresh();
        return (process.WorkingSet64, heap);
    }

    /// <param name="kind">One of <see cref="LogUnderTest.Kinds"/>.</param>
    public static async Task<ServerUnderTest> StartAsync(string kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var folder = Directory.CreateTempSubdirectory("ess-bench-").FullName;
        var log = await LogUnderTest.StartAsync(kind, Path.Combine(folder, "served"));
        var start = Self("serve", url, folder);
        start.Environment[LogUnderTest.ToChild] = log.ConnectionString;
        var secret = Guid.NewGuid().ToString("N");
        if (HasKeys)
        {
            start.Environment[$"Auth__Keys__{KeyName}__Hash"] = ApiKey.HashOf(secret);
            start.Environment[$"Auth__Keys__{KeyName}__Rights"] = "admin";
        }

        if (Collector is { } collector)
        {
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
            start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }

        var process = Process.Start(start)!;
        var client = ClientOf(url, secret);
        while (true)
        {
            try
            {
                await client.GetStringAsync(new Uri("/ready", UriKind.Relative));
                return new ServerUnderTest(process, folder, log, client, () => ClientOf(url, secret));
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>This program again, to do something else.</summary>
    public static ProcessStartInfo Self(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ServerUnderTest).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Creates a stream of tokens; returns where to drive it.</summary>
    public Task<string> CreateAsync(int tokens, int paceMs, string source = "bench") => CreateAsync(source, new { tokens, paceMs });

    public async Task<string> CreateAsync(string source, object input)
    {
        var id = $"bench-{Interlocked.Increment(ref made)}";
        using var answer = await Client.PostAsJsonAsync("/v1/streams", new { id, source, input });
        answer.EnsureSuccessStatusCode();
        return $"/v1/streams/{id}";
    }

    public static string Plain(int tokens, int paceMs) => $"/plain?tokens={tokens}&paceMs={paceMs}";

    /// <summary>Posts, and hands the answer's body on as it comes.</summary>
    public async Task<long> PostAsync(string path, Action<ReadOnlySpan<byte>>? take = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        return await SendAsync(Client, request, take);
    }

    public Task<long> GetAsync(string path, Action<ReadOnlySpan<byte>>? take = null) => GetAsync(Client, path, take);

    public static async Task<long> GetAsync(HttpClient client, string path, Action<ReadOnlySpan<byte>>? take = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(client, request, take);
    }

    private static HttpClient ClientOf(string url, string secret)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 })
        {
            BaseAddress = new Uri(url),
            Timeout = TimeSpan.FromMinutes(5),
        };
        if (HasKeys) client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return client;
    }

    private static async Task<long> SendAsync(HttpClient client, HttpRequestMessage request, Action<ReadOnlySpan<byte>>? take)
    {
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (buffer, total) = (new byte[64 * 1024], 0L);
        while (await body.ReadAsync(buffer) is > 0 and var read)
        {
            take?.Invoke(buffer.AsSpan(0, read));
            total += read;
        }

        return total;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        await log.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
