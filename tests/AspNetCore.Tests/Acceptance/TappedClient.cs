using System.Net.Sockets;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>An HTTP client that counts the bytes its server sends, headers and framing included, and can cut its socket
/// at any of them.</summary>
internal sealed class TappedClient : IDisposable
{
    private readonly long cutAt;
    private readonly bool reset;
    private long received;

    /// <param name="cutAt">After how many bytes the socket is closed; without it, never.</param>
    /// <param name="reset">Closed as by a process that dies, not as by one that leaves.</param>
    public TappedClient(Uri server, long cutAt = long.MaxValue, bool reset = false)
    {
        (this.cutAt, this.reset) = (cutAt, reset);
        Http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = server };
    }

    public HttpClient Http { get; }

    public long Received => Volatile.Read(ref received);

    public bool IsCut { get; private set; }

    public void Dispose() => Http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        return new Tap(this, socket);
    }

    private sealed class Tap(TappedClient client, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = client.cutAt - client.Received;
            if (left == 0) throw new IOException("The test has cut this connection.");
            var read = await base.ReadAsync(buffer.Length > left ? buffer[..(int)left] : buffer, cancellationToken);
            if (Interlocked.Add(ref client.received, read) == client.cutAt) Cut();
            return read;
        }

        private void Cut()
        {
            client.IsCut = true;
            if (client.reset) Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            Socket.Close();
        }
    }
}
