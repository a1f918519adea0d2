using System.Net.Sockets;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

internal static class SocketReading
{
    /// <summary>All that still comes, to the connection's end; a reset is one too.</summary>
    public static async Task<byte[]> ReadToEndAsync(this Socket socket)
    {
        var (all, buffer) = (new MemoryStream(), new byte[64 * 1024]);
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Eventually.Limit) is > 0 and var read) all.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // The server has closed with some unread, or has cut it.
        }

        return all.ToArray();
    }
}
