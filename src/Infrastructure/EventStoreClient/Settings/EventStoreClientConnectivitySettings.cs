using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>How to find a node and keep the connection.</summary>
public class EventStoreClientConnectivitySettings
{
    internal const int DefaultPort = 2113;

    private Uri? address;
    private bool insecure;

    public static EventStoreClientConnectivitySettings Default => new()
    {
        MaxDiscoverAttempts = 10,
        GossipTimeout = TimeSpan.FromSeconds(5),
        DiscoveryInterval = TimeSpan.FromMilliseconds(100),
        NodePreference = NodePreference.Leader,
    };

    /// <summary>The one node; null where seeds are given.</summary>
    public Uri? Address
    {
        get => IsSingleNode ? address : null;
        set => address = value;
    }

    public int MaxDiscoverAttempts { get; set; }

    public EndPoint[] GossipSeeds => (EndPoint[]?)DnsGossipSeeds ?? IpGossipSeeds ?? [];

    /// <summary>These before <see cref="IpGossipSeeds"/>.</summary>
    public DnsEndPoint[]? DnsGossipSeeds { get; set; }

    public IPEndPoint[]? IpGossipSeeds { get; set; }

    /// <summary>For one answer of one node.</summary>
    public TimeSpan GossipTimeout { get; set; }

    /// <summary>Between two attempts to find a node.</summary>
    public TimeSpan DiscoveryInterval { get; set; }

    public NodePreference NodePreference { get; set; }

    /// <summary>Of silence, before a ping; <see cref="Timeout.InfiniteTimeSpan"/> for no pings.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For the answer to a ping.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsSingleNode => GossipSeeds.Length == 0;

    /// <summary>Whether the connection is in clear text.</summary>
    public bool Insecure
    {
        get => IsSingleNode ? string.Equals(Address?.Scheme, Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) : insecure;
        set => insecure = value;
    }

    /// <summary>Whether the server's certificate has to be a good one.</summary>
    public bool TlsVerifyCert { get; set; } = true;

    /// <summary>The only authority to trust; null for the system's.</summary>
    public X509Certificate2? TlsCaFile { get; set; }

    /// <summary>With its private key.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    internal Uri AddressOrDefault =>
        Address ?? new UriBuilder(insecure ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, "localhost", DefaultPort).Uri;
}
