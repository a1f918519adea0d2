using System.Net;
using EventSourcedStreams.EventStoreProtocol;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>The connection that calls share: made when first asked for, and again after a call has shown that it is no
/// good.</summary>
internal sealed class Connections(EventStoreClientSettings settings, NodeChannels channels, Calls calls) : IDisposable
{
    private readonly EventStoreClientConnectivitySettings connectivity = settings.ConnectivitySettings;
    private readonly ClusterDiscovery discovery = new(settings, channels, calls);
    private readonly CancellationTokenSource disposed = new();
    private readonly Lock gate = new();
    private Task<NodeConnection>? current;

    /// <exception cref="DiscoveryException">No node of the cluster could be reached.</exception>
    /// <exception cref="RpcException">The one node could not be reached.</exception>
    public Task<NodeConnection> CurrentAsync()
    {
        lock (gate)
        {
            if (disposed.IsCancellationRequested) throw Faults.Disposed();
            if (current is null or { IsFaulted: true } or { IsCanceled: true }) current = Start(null);
            return current;
        }
    }

    /// <summary>Tells how a call over the connection failed. The next call has another connection, if that may
    /// help.</summary>
    public void Report(NodeConnection connection, Exception fault)
    {
        lock (gate)
        {
            if (disposed.IsCancellationRequested || current is not { IsCompletedSuccessfully: true, Result: var used }) return;
            if (fault is NotLeaderException { LeaderEndpoint: var leader } && used.Channel == connection.Channel) current = Start(leader);
            // A connection that was made since may well be good: it shows by a call of its own.
            else if (IsLost(fault) && ReferenceEquals(used, connection)) current = null;
        }
    }

    public void Dispose() => disposed.Cancel();

    // A node that is no leader and knows none does not say where to go.
    private static bool IsLost(Exception fault) =>
        fault is RpcException { StatusCode: StatusCode.Unavailable }
        || fault is RpcException other && other.Trailers.GetValue("exception") == "not-leader";

    private Task<NodeConnection> Start(DnsEndPoint? leader) => Task.Run(() => ConnectAsync(leader, disposed.Token));

    private async Task<NodeConnection> ConnectAsync(DnsEndPoint? leader, CancellationToken ct)
    {
        Uri? failed = null;
        var hint = leader is null ? null : discovery.Address(leader.Host, leader.Port);
        if (connectivity.Address is { } address)
        {
            try
            {
                return await ConnectAsync(hint ?? address, ct).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                throw Faults.Of(e);
            }
        }

        for (var attempt = 1; attempt <= connectivity.MaxDiscoverAttempts; attempt++)
        {
            if (attempt > 1) await Task.Delay(connectivity.DiscoveryInterval, TimeProvider.System, ct).ConfigureAwait(false);
            var node = hint;
            try
            {
                node ??= await discovery.FindAsync(failed, ct).ConfigureAwait(false);
                if (node is not null) return await ConnectAsync(node, ct).ConfigureAwait(false);
            }
            catch (RpcException e) when (e.StatusCode is not (StatusCode.Unauthenticated or StatusCode.PermissionDenied))
            {
                (failed, hint) = (node, null);
            }
            catch (RpcException e)
            {
                throw Faults.Of(e);
            }
        }

        throw new DiscoveryException(connectivity.MaxDiscoverAttempts);
    }

    private async Task<NodeConnection> ConnectAsync(Uri node, CancellationToken ct)
    {
        var channel = channels.For(node);
        try
        {
            var options = calls.Options(connectivity.GossipTimeout, null, ct);
            return NodeConnection.Of(channel, await channel.Features.GetSupportedMethodsAsync(new Empty(), options).ConfigureAwait(false));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return NodeConnection.Of(channel, null);
        }
    }
}
