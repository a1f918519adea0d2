using System.Net;
using System.Net.Sockets;

namespace EventSourcedStreams.TestKit;

/// <summary>Ports for servers that have to be known before they listen, or that come again under the same
/// one.</summary>
public static class Ports
{
    /// <summary>Below those that systems give to clients: a connection of another test would take such a one in
    /// between.</summary>
    private const int First = 22_000, End = 32_000;

    private static int next = Random.Shared.Next(End - First);

    /// <summary>A loopback port that is free now, and that no other caller in this process is given soon.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < End - First; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % (End - First));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is in use.
            }
        }

        throw new InvalidOperationException("There is no free port.");
    }
}
