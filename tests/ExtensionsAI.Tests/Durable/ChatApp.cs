using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>An app, of which several may share one event log, as several processes do.</summary>
internal sealed class ChatApp : IAsyncDisposable
{
    public static ChatOptions Background => new() { AllowBackgroundResponses = true };

    private readonly IHost host;

    private ChatApp(IHost host) => this.host = host;

    public ITextStreams Streams => host.Services.GetRequiredService<ITextStreams>();

    public TextStreams TextStreams => host.Services.GetRequiredService<TextStreams>();

    public static Task<ChatApp> StartAsync(InMemoryStore? log = null, TimeProvider? clock = null, Action<TextStreamsOptions>? configure = null)
    {
        var store = log ?? new InMemoryStore(clock ?? TimeProvider.System);
        return StartAsync(services =>
        {
            services.AddSingleton(store);
            services.AddInMemoryTextStreams(clock);
            if (configure is not null) services.Configure(configure);
        });
    }

    /// <summary>On the log of a process that has gone.</summary>
    public static Task<ChatApp> StartAsync(string folder) => StartAsync(services => services.AddTextStreams(options => options.Embedded.Path = folder));

    public IChatClient Client(IChatClient inner, Action<TextStreamsChatClientOptions>? configure = null, bool invokes = false)
    {
        var builder = new ChatClientBuilder(inner).UseTextStreams(Streams, configure);
        return (invokes ? builder.UseFunctionInvocation(configure: client => client.AllowConcurrentInvocation = true) : builder).Build();
    }

    /// <summary>The events of the only stream.</summary>
    public async Task<List<RecordedEvent>> EventsAsync()
    {
        var events = new List<RecordedEvent>();
        await foreach (var recorded in Streams.Engine.Log.ReadAsync(await OnlyAsync(), Revision.None, ReadFrom.Leader, default)) events.Add(recorded);
        return events;
    }

    public async Task<StreamId> OnlyAsync()
    {
        StreamId? only = null;
        await EventSourcedStreams.TestKit.Eventually.UntilAsync("there is a stream", async () =>
        {
            await foreach (var stream in TextStreams.ListAsync()) only = stream.Id;
            return only is not null;
        });
        return only!.Value;
    }

    public async Task<StreamStatus> StatusAsync() => (await TextStreams.FindAsync(await OnlyAsync()))!.Summary.Status;

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private static async Task<ChatApp> StartAsync(Action<IServiceCollection> add)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new ChatApp(host);
    }
}
