using System.Net;

namespace EventStore.Client;

/// <summary>The node does not lead, and the call required a leader: nothing was written. The next call goes to the
/// leader.</summary>
public class NotLeaderException : Exception
{
    internal NotLeaderException(string host, int port, Exception? cause)
        : base($"Not leader. New leader at {host}:{port}.", cause) => LeaderEndpoint = new DnsEndPoint(host, port);

    internal DnsEndPoint LeaderEndpoint { get; }
}
