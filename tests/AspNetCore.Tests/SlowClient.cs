using System.Net.Sockets;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>A client that keeps little of an answer that it does not read.</summary>
internal static class SlowClient
{
    public static HttpClient For(Uri server) => new(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = server };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
