using System.Net;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Uploads;

/// <summary>One connection of a continued upload, byte by byte, so that it can be cut anywhere.</summary>
internal sealed class UploadConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<UploadConnection> OpenAsync(Uri server, string id, long offset, string headers = "Transfer-Encoding: chunked\r\n")
    {
        var connection = new UploadConnection();
        await connection.socket.ConnectAsync(server.Host, server.Port);
        await connection.socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/streams/{id}/drive?continue=true HTTP/1.1\r\nHost: x\r\nUpload-Offset: {offset}\r\nConnection: close\r\n{headers}\r\n"));
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await SendRawAsync(Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"));
        await SendRawAsync(bytes);
        await SendRawAsync("\r\n"u8.ToArray());
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes);

    public Task CompleteAsync() => SendRawAsync("0\r\n\r\n"u8.ToArray());

    /// <summary>The answer, until the server closes the connection or has nothing more to say.</summary>
    public async Task<(HttpStatusCode Status, string Answer)> AnswerAsync()
    {
        var (answer, buffer) = (new MemoryStream(), new byte[4096]);
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Eventually.Limit) is > 0 and var read) answer.Write(buffer, 0, read);
        }
        catch (SocketException) when (answer.Length > 0)
        {
            // The server has answered, and has not read to the end of what was still being sent.
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return ((HttpStatusCode)int.Parse(text.Split(' ')[1]), text);
    }

    /// <summary>Resets the connection, or closes it after what was sent.</summary>
    public void Cut(bool reset)
    {
        if (reset) socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
