using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>How to find a node and keep the connection.</summary>
public class EventStoreClientConnectivitySettings
{
    internal const int DefaultPort = 2113;

    internal EventStoreClientConnectivitySettings()
    {
    }

    public NodePreference NodePreference { get; set; } = NodePreference.Leader;

    /// <summary>The one node; null where seeds are given.</summary>
    internal Uri? Address { get; set; }

    /// <summary>Nodes to ask for the others; empty for one node.</summary>
    internal EndPoint[] GossipSeeds { get; set; } = [];

    internal int MaxDiscoverAttempts { get; set; } = 10;

    /// <summary>For one answer of one node.</summary>
    public TimeSpan GossipTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two attempts to find a node.</summary>
    internal TimeSpan DiscoveryInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Of silence, before a ping; <see cref="Timeout.InfiniteTimeSpan"/> for no pings.</summary>
    internal TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For the answer to a ping.</summary>
    internal TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the connection is in clear text.</summary>
    internal bool Insecure { get; set; }

    /// <summary>Whether the server's certificate has to be a good one.</summary>
    internal bool TlsVerifyCert { get; set; } = true;

    /// <summary>The only authority to trust; null for the system's.</summary>
    internal X509Certificate2? TlsCaFile { get; set; }

    /// <summary>With its private key.</summary>
    internal X509Certificate2? ClientCertificate { get; set; }
}
