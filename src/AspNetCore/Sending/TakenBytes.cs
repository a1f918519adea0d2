using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How much of an answer has come to its client's machine, where the system says so: a slow client takes
/// little at a time, and much less than the buffers before it hold.</summary>
internal static class TakenBytes
{
    /// <summary>What the system may hold of an answer for a client, in bytes, of which it takes twice as many; it would
    /// be several megabytes otherwise. A megabyte of text goes in one call or two.</summary>
    private const int SendBuffer = 512 * 1024;

    // Linux: the level and the name of the option, and where tcpi_bytes_acked stands in what it gives.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesAcked = 120;

    /// <summary>The connections that are bounded. One that noted it itself would keep a dictionary for it.</summary>
    private static readonly ConditionalWeakTable<Socket, object> Bounded = [];
    private static readonly object IsBounded = new();

    /// <summary>Bounds what the system holds for the client, once a connection: each time would wake the thread that
    /// waits for sockets.</summary>
    public static void Bound(HttpContext http)
    {
        if (SocketOf(http) is not { } socket || !Bounded.TryAdd(socket, IsBounded)) return;
        try
        {
            socket.SendBufferSize = SendBuffer;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone; the next send finds out.
        }
    }

    /// <summary>Null where that is not known, or says nothing of this answer because the connection carries
    /// several.</summary>
    public static long? Of(HttpContext http) =>
        HttpProtocol.IsHttp11(http.Request.Protocol) && SocketOf(http) is { } socket ? Of(socket) : null;

    /// <summary>All bytes of a connection that its client's machine has taken; null where that is not known.</summary>
    public static long? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[256];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) >= BytesAcked + sizeof(long)
                ? BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcked..])
                : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static Socket? SocketOf(HttpContext http) => http.Features.Get<IConnectionSocketFeature>()?.Socket;
}
