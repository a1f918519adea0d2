using System.Net.Sockets;
using System.Text;

namespace EventSourcedStreams.SoakTest;

/// <summary>A client that asks and reads nothing.</summary>
internal sealed class StalledReader(Socket socket) : IAsyncDisposable
{
    public static async Task<StalledReader> OpenAsync(Uri server, string path, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server.Host, server.Port, ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n"), ct);
        return new StalledReader(socket);
    }

    public Task StayAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, ct);

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
