namespace EventSourcedStreams.StreamBench;

/// <summary>Takes what a server exports, as a collector of OpenTelemetry does, and keeps nothing.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private long bytes;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/{**signal}", async (HttpRequest request) =>
        {
            var buffer = new byte[1 << 16];
            while (await request.Body.ReadAsync(buffer) is > 0 and var read) Interlocked.Add(ref bytes, read);
        });
    }

    public string Url => app.Urls.First();

    /// <summary>That have come.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
