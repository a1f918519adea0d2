using System.Net;
using EventSourcedStreams.EventStoreProtocol;
using Grpc.Core;
using Member = EventSourcedStreams.EventStoreProtocol.Gossip.EndPoint;

namespace EventStore.Client;

/// <summary>Asks the nodes of a cluster for its members.</summary>
internal sealed class ClusterDiscovery(EventStoreClientSettings settings, NodeChannels channels, Calls calls)
{
    private readonly EventStoreClientConnectivitySettings connectivity = settings.ConnectivitySettings;
    private Uri[] members = [];

    /// <summary>Asks one node after another until one of them knows a node to connect to; null where none
    /// does.</summary>
    /// <param name="failed">Is asked last; null for none.</param>
    public async Task<Uri?> FindAsync(Uri? failed, CancellationToken ct)
    {
        foreach (var node in Candidates(failed))
        {
            try
            {
                var options = calls.Options(connectivity.GossipTimeout, null, ct);
                var cluster = await channels.For(node).Gossip.ReadAsync(new Empty(), options).ConfigureAwait(false);
                if (PreferredNode.Of(cluster, connectivity.NodePreference) is not { } preferred) continue;
                members = [.. cluster.Members.Where(member => member.HttpEndPoint is not null).Select(member => Address(member.HttpEndPoint))];
                channels.Keep([.. members, .. Seeds()]);
                return Address(preferred.HttpEndPoint);
            }
            catch (RpcException)
            {
                // It does not say; another one may.
            }
        }

        return null;
    }

    /// <summary>Where a node is, by the way the settings connect.</summary>
    public Uri Address(string host, int port) => new UriBuilder(connectivity.Insecure ? "http" : "https", host, port).Uri;

    private Uri Address(Member node) => Address(node.Address, (int)node.Port);

    private IEnumerable<Uri> Candidates(Uri? failed)
    {
        Uri[] known = [.. members];
        Uri[] seeds = [.. Seeds()];
        Random.Shared.Shuffle(known);
        Random.Shared.Shuffle(seeds);
        return known.Concat(seeds).Distinct().OrderBy(node => node == failed);
    }

    private IEnumerable<Uri> Seeds() => connectivity.GossipSeeds.Select(seed => seed switch
    {
        DnsEndPoint dns => Address(dns.Host, dns.Port),
        IPEndPoint ip => Address(ip.Address.ToString(), ip.Port),
        _ => throw new InvalidOperationException($"A gossip seed is a host or an IP address with a port, not {seed}."),
    });
}
