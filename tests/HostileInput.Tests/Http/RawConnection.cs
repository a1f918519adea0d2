using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>A connection whose bytes nothing puts right.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>Every answer has begun by then; the longest that the server waits by itself are 5 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[16 * 1024];
    private int from, to;

    public RawConnection(int port)
    {
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        socket.SendTimeout = (int)Patience.TotalMilliseconds;
        socket.Connect(IPAddress.Loopback, port);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            socket.Send(bytes);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            // The server has closed it: what it said before can still be read.
        }
    }

    /// <summary>Nothing more comes from here.</summary>
    public void HalfClose()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It is closed already.
        }
    }

    /// <summary>Whether something comes, or the connection ends, within this time.</summary>
    public bool Stirs(TimeSpan within) => from < to || socket.Poll(within, SelectMode.SelectRead);

    /// <summary>From now on.</summary>
    public void WaitAtMost(TimeSpan limit) => socket.ReceiveTimeout = (int)limit.TotalMilliseconds;

    /// <returns>-1: the connection has ended, well or not.</returns>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public int ReadByte() => from < to || Fill() ? buffer[from++] : -1;

    /// <returns>Null: the connection has ended.</returns>
    public string? ReadLine()
    {
        var line = new StringBuilder();
        while (ReadByte() is >= 0 and var next)
        {
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }

        return null;
    }

    /// <returns>Fewer: the connection has ended.</returns>
    public byte[] Read(long count)
    {
        using var read = new MemoryStream();
        while (read.Length < count && (from < to || Fill()))
        {
            var take = (int)Math.Min(to - from, count - read.Length);
            read.Write(buffer, from, take);
            from += take;
        }

        return read.ToArray();
    }

    /// <summary>All that still comes.</summary>
    public byte[] ReadToEnd() => Read(long.MaxValue);

    public void Dispose() => socket.Dispose();

    private bool Fill()
    {
        try
        {
            (from, to) = (0, socket.Receive(buffer));
            return to > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new TimeoutException($"Nothing came for {socket.ReceiveTimeout / 1000.0} s.");
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
