using System.Net;
using System.Net.Sockets;

namespace EventSourcedStreams.TestKit;

/// <summary>One connection through a <see cref="TcpProxy"/>.</summary>
internal sealed class ProxiedConnection
{
    private readonly TcpProxy proxy;
    private readonly Socket client;
    private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp);
    private bool closed;
    private volatile bool deaf;

    public ProxiedConnection(TcpProxy proxy, Socket client, int target)
    {
        (this.proxy, this.client) = (proxy, client);
        client.NoDelay = server.NoDelay = true;
        Carrying = CarryAsync(target);
    }

    /// <summary>What comes is lost.</summary>
    public bool Deaf { get => deaf; set => deaf = value; }

    public bool Closed => Volatile.Read(ref closed);

    public Task Carrying { get; }

    public void Close(bool reset)
    {
        if (Interlocked.Exchange(ref closed, true)) return;
        foreach (var end in (Socket[])[client, server])
        {
            // Without lingering, a close is a reset.
            if (reset) end.LingerState = new LingerOption(true, 0);
            end.Close();
        }
    }

    private async Task CarryAsync(int target)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(CarryAsync(client, server, true), CarryAsync(server, client, false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // An end has left, or the proxy closed both.
        }

        Close(false);
    }

    private async Task CarryAsync(Socket from, Socket to, bool fromClient)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer);
            await proxy.FlowingAsync();
            if (count == 0)
            {
                if (Deaf) return;
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            if (Deaf) continue;
            var (taken, cut, reset) = proxy.Take(fromClient, count);
            for (var sent = 0; sent < taken;) sent += await to.SendAsync(buffer.AsMemory(sent, taken - sent));
            if (!cut) continue;
            Close(reset);
            return;
        }
    }
}
