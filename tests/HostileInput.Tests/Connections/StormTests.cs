using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Connections that come and go, or stay and say hardly anything: a server of its own, whose memory and files
/// afterwards are those before.</summary>
public sealed class StormTests : IAsyncLifetime
{
    private const int Quick = 10_000;
    private const int Slow = 600;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    /// <summary>What a slow client may take: 5 s and 240 bytes a second for a body, 30 s for the headers.</summary>
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(60);

    private static readonly string[] Beginnings =
    [
        "", "G", "GET /v1/str", "GET /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
        "POST /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{",
        "POST /v1/streams/none/drive HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "GET /v1/streams/open/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /v1/streams/open/events HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: 0\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];

    private readonly TempFolder folder = new();
    private WebProcess server = null!;
    private int port;

    public async Task InitializeAsync()
    {
        server = await WebProcess.StartAsync(folder.Path);
        port = server.Client.BaseAddress!.Port;
        using var created = await server.Client.PostAsJsonAsync("/v1/streams", new { id = "open", source = "upload" });
        created.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Ten_thousand_quick_connections_and_cuts_leave_nothing_behind()
    {
        if (!OperatingSystem.IsLinux()) return; // what a process holds is read from /proc
        Storm(Quick / 10);
        await RequireServedAsync();
        var gauges = new ServerGauges(server);

        Storm(Quick * Cases.Factor);

        await RequireServedAsync();
        await gauges.RequireReturnAsync();
    }

    [Fact]
    public async Task Headers_without_end_are_refused_and_leave_nothing_behind()
    {
        if (!OperatingSystem.IsLinux()) return;
        Oversize(20);
        var gauges = new ServerGauges(server);

        Oversize(200 * Cases.Factor);

        await RequireServedAsync();
        await gauges.RequireReturnAsync();
    }

    [Fact]
    public async Task Slow_and_half_open_connections_disturb_no_other_and_are_cut()
    {
        if (!OperatingSystem.IsLinux()) return;
        Storm(Quick / 10);
        await RequireServedAsync();
        var gauges = new ServerGauges(server);
        var slow = Enumerable.Range(0, Slow).Select(i => Open(Beginnings[i % Beginnings.Length])).ToList();
        foreach (var half in slow.Where((_, i) => i % 5 == 0)) half.Shutdown(SocketShutdown.Send);

        using var begun = RunningWatch.Start();
        var stays = slow.Where((_, i) => IsCutInTime(Beginnings[i % Beginnings.Length])).ToList();
        while (stays.Count > 0 && begun.Elapsed < Cut)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            stays.RemoveAll(each => !Says(each));
            await RequireServedAsync();
        }

        stays.Should().BeEmpty("what says a byte a second is cut");
        foreach (var each in slow) each.Dispose();
        await gauges.RequireReturnAsync();
    }

    /// <summary>One that follows a stream, or has not begun to ask, may be quiet.</summary>
    private static bool IsCutInTime(string beginning) => beginning is not "" && !beginning.Contains("/events", StringComparison.Ordinal) && !beginning.EndsWith("127.0.0.1\r\n\r\n", StringComparison.Ordinal);

    private async Task RequireServedAsync()
    {
        var share = new MachineShare(server);
        using var asked = RunningWatch.Start();
        using var answer = await server.Client.GetAsync("/v1/streams/open");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (asked.Elapsed * share.Left).Should().BeLessThan(Soon);
    }

    private void Storm(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var socket = Open(Beginnings[i % Beginnings.Length]);
            if (i % 2 == 0) socket.LingerState = new LingerOption(true, 0);      // a reset, rather than an end
        }
    }

    private void Oversize(int count)
    {
        var much = Encoding.ASCII.GetBytes("X-A: " + new string('a', 8_000) + "\r\n");
        for (var i = 0; i < count; i++)
        {
            using var socket = Open("GET /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\n");
            socket.SendTimeout = (int)Soon.TotalMilliseconds;
            var sent = 0;
            for (; sent < 1_000 && TrySend(socket, much); sent++) { }
            sent.Should().BeLessThan(1_000, "8 MB of headers are not read");
        }
    }

    private Socket Open(string beginning)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        if (beginning.Length > 0) TrySend(socket, Encoding.Latin1.GetBytes(beginning));
        return socket;
    }

    /// <summary>A byte, unless it has been cut; one that sends nothing more is asked whether it was.</summary>
    private static bool Says(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead))
                if (socket.Receive(buffer) == 0) return false;
        }
        catch (SocketException)
        {
            return false;
        }

        TrySend(socket, "a"u8.ToArray());
        return true;
    }

    private static bool TrySend(Socket socket, byte[] bytes)
    {
        try
        {
            return socket.Send(bytes) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
