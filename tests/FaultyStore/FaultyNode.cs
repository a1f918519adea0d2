using System.Net;
using EventSourcedStreams.TestKit;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.FaultyStore;

/// <summary>What a node may be told to refuse.</summary>
[Flags]
public enum Rights
{
    None = 0,
    ReadAll = 1,
    Read = 2,
    Append = 4,
    Delete = 8,
}

/// <summary>One node: forwards every call to the served log, but for what a test has set.</summary>
public sealed class FaultyNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly GrpcChannel channel;
    private readonly FaultyCluster cluster;
    private TcpProxy wire = null!;
    private long seesUntil = long.MaxValue;

    private FaultyNode(FaultyCluster cluster, WebApplication app, GrpcChannel channel) =>
        (this.cluster, this.app, this.channel) = (cluster, app, channel);

    public Guid Id { get; } = Guid.NewGuid();

    public int Port => wire.Port;

    /// <summary>It leads, or takes itself for the leader.</summary>
    public bool IsLeader => StillLeads || cluster.Leader == this;

    /// <summary>It has not heard of the election.</summary>
    public bool StillLeads { get; set; }

    /// <summary>It stands still, as a process that was stopped does: it accepts connections, and answers
    /// nothing.</summary>
    public bool Hangs { get; private set; }

    /// <summary>Before each call, and each message of a subscription.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How far what it reads lags behind the leader.</summary>
    public TimeSpan Lag { get; set; }

    /// <summary>Refused from now on; what is under way goes on.</summary>
    public Rights Refused { get; set; }

    /// <summary>Events that subscriptions leave out: by stream and revision.</summary>
    public Func<string, long, bool> LeavesOut { get; set; } = (_, _) => false;

    /// <summary>Takes appends and answers none; reads are answered.</summary>
    public bool LosesAppends { get; set; }

    /// <summary>Connections that were ever made to it.</summary>
    public int Connections => wire.Accepted;

    internal bool IsKnownDead { get; set; }

    internal int LeaderPort => cluster.Leader.Port;

    /// <summary>Whether it may read other than the whole log.</summary>
    internal bool MayLag => Lag > TimeSpan.Zero || Interlocked.Read(ref seesUntil) != long.MaxValue;

    public void Hang()
    {
        Hangs = true;
        wire.Stall();
    }

    /// <summary>It goes on where it stood; if it led, it does not know better for a moment.</summary>
    public void GoOn()
    {
        Hangs = false;
        wire.Resume();
    }

    /// <summary>Closes its connections.</summary>
    public void Cut() => wire.Close(reset: true);

    /// <summary>From now on nothing new is replicated to it.</summary>
    public void StopReplicating() => Interlocked.Exchange(ref seesUntil, DateTime.UtcNow.Ticks);

    public void Replicate() => Interlocked.Exchange(ref seesUntil, long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        await wire.DisposeAsync();
        using (var now = new CancellationTokenSource(TimeSpan.Zero)) await app.StopAsync(now.Token);
        await app.DisposeAsync();
        channel.Dispose();
    }

    internal static async Task<FaultyNode> StartAsync(FaultyCluster cluster, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        FaultyNode? node = null;
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore().AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services
            .AddSingleton(_ => new NodeStreams(node!, new(channel)))
            .AddSingleton(_ => new NodeGossip(cluster))
            .AddSingleton(_ => new NodeFeatures(new(channel)));
        builder.Logging.AddFilter(_ => false);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1024;
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<NodeStreams>();
        app.MapGrpcService<NodeGossip>();
        app.MapGrpcService<NodeFeatures>();
        app.UseEndpoints(_ => { });
        node = new FaultyNode(cluster, app, channel);
        await app.StartAsync();
        node.wire = TcpProxy.To(new Uri(app.Urls.Single()).Port);
        return node;
    }

    /// <param name="created">As the log keeps it: ticks since 1970.</param>
    internal bool Sees(long created)
    {
        var at = DateTime.UnixEpoch.Ticks + created;
        return at <= Interlocked.Read(ref seesUntil) && (Lag == TimeSpan.Zero || at + Lag.Ticks <= DateTime.UtcNow.Ticks);
    }

    internal async Task SeenAsync(long created, CancellationToken ct)
    {
        while (!Sees(created)) await Task.Delay(5, ct);
    }
}
