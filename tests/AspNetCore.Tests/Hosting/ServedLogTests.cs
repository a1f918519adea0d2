using System.Net;
using System.Net.Sockets;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Streams = EventSourcedStreams.EventStoreProtocol.Streams.Streams;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary><c>Embedded:GrpcPort</c>: the log beside the app, over EventStoreDB's protocol.</summary>
public sealed class ServedLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScriptedSource source = new("told");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_stop_shows_the_streams_endings_and_then_ends_the_calls_as_unavailable()
    {
        var port = Ports.Free();
        await using var app = Build(port);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var id = await client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(client.DriveAsync(id));
        var types = new List<string>();
        var following = FollowAsync(port, $"text-{id}", types);
        await source.For(new(id)).SayAsync("One. ");
        await Eventually.UntilAsync("the text is followed", () => Of(types).Contains("ChunkPersisted"));

        await app.StopAsync();

        (await following.WaitAsync(Eventually.Limit)).StatusCode.Should().Be(StatusCode.Unavailable);
        Of(types).Should().EndWith("StreamFailed");
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_the_app_from_starting_and_names_the_key()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var app = Build(((IPEndPoint)taken.LocalEndpoint).Port);

        (await app.Awaiting(a => a.StartAsync()).Should().ThrowAsync<IOException>()).WithMessage("Embedded:GrpcPort: *");
    }

    private WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Embedded:Path"] = folder.Path;
        builder.Configuration["Embedded:GrpcPort"] = $"{port}";
        builder.Services.AddReadyMadeStreams(builder.Configuration).AddSource(source, clients: true);
        var app = builder.Build();
        app.MapTextStreams();
        return app;
    }

    private static async Task<RpcException> FollowAsync(int port, string stream, List<string> types)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using var call = new Streams.StreamsClient(channel).Read(new ReadReq
        {
            Options = new ReadReq.Types.Options
            {
                Stream = new ReadReq.Types.Options.Types.StreamOptions
                {
                    StreamIdentifier = new StreamIdentifier { StreamName = Google.Protobuf.ByteString.CopyFromUtf8(stream) },
                    Start = new Empty(),
                },
                Subscription = new ReadReq.Types.Options.Types.SubscriptionOptions(),
                NoFilter = new Empty(),
                UuidOption = new ReadReq.Types.Options.Types.UUIDOption { String = new Empty() },
            },
        });
        return await FluentActions.Awaiting(async () =>
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync())
                if (response.Event is { } read)
                    lock (types) types.Add(read.Event.Metadata["type"]);
        }).Should().ThrowAsync<RpcException>().ContinueWith(thrown => thrown.Result.Which, TaskScheduler.Default);
    }

    private static string[] Of(List<string> types)
    {
        lock (types) return [.. types];
    }
}
