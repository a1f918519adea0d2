using System.Net;

namespace EventStore.Client;

/// <summary>The node does not lead, and the call required a leader: nothing was written. The next call goes to the leader.</summary>
public class NotLeaderException(string host, int port, Exception? exception = null)
    : Exception($"Not leader. New leader at {host}:{port}.", exception)
{
    public DnsEndPoint LeaderEndpoint { get; } = new(host, port);
}
