using System.Collections.Concurrent;
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

    private static readonly string Folder =
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"event-sourced-streams-ports-{Environment.UserName}")).FullName;

    // A file by port is locked until the process ends: a port that is not listened on for a while is still its own.
    private static readonly ConcurrentBag<FileStream> Kept = [];

    private static int next = Random.Shared.Next(End - First);

    /// <summary>A loopback port that is free now, and that no other caller is given while this process
    /// lives.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < End - First; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % (End - First));
            if (TryKeep(port)) return port;
        }

        throw new InvalidOperationException("There is no free port.");
    }

    /// <summary>Whether the port was free, and no caller's, here or in another process. It is this caller's
    /// now.</summary>
    public static bool TryKeep(int port)
    {
        FileStream? kept = null;
        try
        {
            kept = new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            Kept.Add(kept);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            // It is in use, or another process keeps it.
            kept?.Dispose();
            return false;
        }
    }
}
