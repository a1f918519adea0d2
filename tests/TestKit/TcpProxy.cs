using System.Net;
using System.Net.Sockets;

namespace EventSourcedStreams.TestKit;

/// <summary>
/// A port of loopback that forwards to another, and fails as networks do: cut after so many bytes, reset, stalled,
/// deaf, refusing. Faults hold for the connections there are and for new ones, until <see cref="Resume"/>.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<ProxiedConnection> connections = [];
    private readonly int target;
    private Socket listener;
    private Task accepting;
    private TaskCompletionSource flowing = new();
    private long fromClient = long.MaxValue;
    private long fromServer = long.MaxValue;
    private bool resetAtCut;

    private TcpProxy(int target)
    {
        this.target = target;
        flowing.SetResult();
        Port = Ports.Free();                                                     // it comes again under the same one
        listener = Listen(Port);
        accepting = AcceptAsync(listener);
    }

    public int Port { get; }

    /// <summary>So far.</summary>
    internal int Accepted { get; private set; }

    public int Open
    {
        get
        {
            lock (gate) return connections.Count(connection => !connection.Closed);
        }
    }

    public static TcpProxy To(int port) => new(port);

    /// <summary>Closes each connection that has carried so many bytes more from the client, the rest of them
    /// not.</summary>
    public void CutAfterFromClient(long bytes, bool reset = false) => Cut(() => fromClient = bytes, reset);

    /// <summary>Closes each connection that has carried so many bytes more from the server, the rest of them
    /// not.</summary>
    public void CutAfterFromServer(long bytes, bool reset = false) => Cut(() => fromServer = bytes, reset);

    /// <summary>Closes all connections now.</summary>
    /// <param name="reset">Both ends hear a reset in place of an end.</param>
    public void Close(bool reset = false)
    {
        lock (gate)
        {
            foreach (var connection in connections) connection.Close(reset);
        }
    }

    /// <summary>Keeps all connections and carries nothing either way: neither end learns of it.</summary>
    public void Stall()
    {
        lock (gate) flowing = flowing.Task.IsCompleted ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : flowing;
    }

    /// <summary>Loses all that comes from now on, on the connections there are, as after a router's restart. New ones
    /// are well.</summary>
    public void Forget()
    {
        lock (gate)
        {
            foreach (var connection in connections) connection.Deaf = true;
        }
    }

    /// <summary>It listens no more; open connections go on.</summary>
    public async Task RefuseAsync()
    {
        listener.Dispose();
        await accepting;
    }

    /// <summary>All is well again, for new connections and for stalled ones.</summary>
    public void Resume()
    {
        lock (gate)
        {
            Flow();
            if (!accepting.IsCompleted) return;
            listener = Listen(Port);
            accepting = AcceptAsync(listener);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseAsync();
        Close(reset: true);
        Task[] running;
        lock (gate)
        {
            Flow();
            running = [.. connections.Select(connection => connection.Carrying)];
        }

        await Task.WhenAll(running);
    }

    // How many of the bytes go on, and whether the connection ends behind them.
    internal (int Count, bool Cut, bool Reset) Take(bool client, int count)
    {
        lock (gate)
        {
            ref var left = ref client ? ref fromClient : ref fromServer;
            if (left == long.MaxValue) return (count, false, false);
            var taken = (int)Math.Min(left, count);
            left -= taken;
            return (taken, left == 0, resetAtCut);
        }
    }

    internal Task FlowingAsync()
    {
        lock (gate) return flowing.Task;
    }

    // Stalled connections go on, and nothing is cut.
    private void Flow()
    {
        (fromClient, fromServer) = (long.MaxValue, long.MaxValue);
        flowing.TrySetResult();
    }

    private void Cut(Action set, bool reset)
    {
        lock (gate)
        {
            set();
            resetAtCut = reset;
        }
    }

    // A TcpListener that stops between two connections throws what a bug would, too.
    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket on)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await on.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return; // it was stopped, while this waited or in between
            }

            lock (gate)
            {
                Accepted++;
                connections.Add(new ProxiedConnection(this, client, target));
            }
        }
    }
}
