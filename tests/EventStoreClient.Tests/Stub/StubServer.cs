using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EventStore.Client.Tests.Stub;

/// <summary>A server of HTTP/2 on loopback that answers as a test says.</summary>
public sealed class StubServer : IAsyncDisposable
{
    public const string Streams = "/event_store.client.streams.Streams/";
    public const string Features = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
    public const string Gossip = "/event_store.client.gossip.Gossip/Read";

    private readonly ConcurrentDictionary<string, Func<StubCall, Task>> handlers = [];
    private readonly ConcurrentQueue<StubCall> calls = [];
    private readonly WebApplication app;

    private StubServer(WebApplication app) => this.app = app;

    public int Port { get; private set; }

    public IEnumerable<StubCall> Calls => calls;

    /// <summary>What a handler threw: the test's own mistake.</summary>
    public Exception? Fault { get; private set; }

    public static async Task<StubServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        var server = new StubServer(builder.Build());
        server.On(Features, call => AnswerAsync(call, Supporting("deadline_duration")));
        server.app.Run(server.HandleAsync);
        await server.app.StartAsync();
        server.Port = new Uri(server.app.Urls.Single()).Port;
        return server;
    }

    internal static SupportedMethods Supporting(params string[] features) => new()
    {
        EventStoreServerVersion = "23.10.6",
        Methods =
        {
            new SupportedMethod { ServiceName = "event_store.client.streams.streams", MethodName = "append" },
            new SupportedMethod { ServiceName = "event_store.client.streams.streams", MethodName = "batchappend", Features = { features } },
        },
    };

    public StubServer On(string path, Func<StubCall, Task> handler)
    {
        handlers[path] = handler;
        return this;
    }

    /// <summary>As a server of 20.x: one call for each append.</summary>
    public StubServer WithoutBatchAppend() => On(Features, call =>
    {
        call.End(12, "Method is unimplemented.");
        return Task.CompletedTask;
    });

    /// <summary>Says which nodes are in the cluster.</summary>
    internal StubServer WithGossip(Func<ClusterInfo> cluster) => On(Gossip, call => AnswerAsync(call, cluster()));

    public static async Task AnswerAsync(StubCall call, IMessage message)
    {
        await call.ReadToEndAsync();
        await call.WriteAsync(message);
        call.End(0);
    }

    public EventStoreClient Client(string settings = "") => Patient.Client($"esdb://127.0.0.1:{Port}?tls=false{settings}");

    public IEnumerable<StubCall> CallsTo(string path) => calls.Where(call => call.Path == path);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        Fault.Should().BeNull("handlers end calls, they do not throw");
    }

    private async Task HandleAsync(HttpContext http)
    {
        var call = new StubCall(http);
        var isReset = false;
        calls.Enqueue(call);
        try
        {
            if (handlers.TryGetValue(call.Path, out var handle)) await handle(call);
            else call.End(12, "Method is unimplemented.");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionResetException or ConnectionAbortedException)
        {
            isReset = true; // the client has left, which a test may look at
        }
        catch (Exception e)
        {
            Fault = e;
            throw;
        }
        finally
        {
            call.OnEnded(isReset);
        }
    }
}
