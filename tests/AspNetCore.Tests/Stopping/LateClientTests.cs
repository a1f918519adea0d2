using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Connections;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>Clients that come while a stop is under way, before the server has closed its door.</summary>
public sealed class LateClientTests
{
    [Fact]
    public async Task A_request_that_comes_when_the_engine_is_gone_and_sends_on_and_on_is_cut_too()
    {
        await using var app = await TextStreamsApp.StartAsync();
        await Eventually.UntilAsync("it is idle", () => app.Access.UnderWay.Count == 0);
        await app.Access.ClearAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "POST /v1/streams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"));
        await Eventually.UntilAsync("its body is awaited", () => app.Access.UnderWay.Count == 1);
        var sending = SendOnAsync(socket);

        await app.StopAsync().WaitAsync(Eventually.Limit); // half of what the server would wait for it

        await sending.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_connection_that_is_served_only_when_all_have_been_cut_is_cut_at_once()
    {
        var time = new ManualTime();
        using var connections = new OpenConnections(most: 10, time);
        var (early, late) = (new DefaultConnectionContext(), new DefaultConnectionContext());
        var serve = connections.Counted(connection => UntilClosedAsync(connection.ConnectionClosed));
        var first = serve(early);
        await connections.StoppingAsync(default);
        await Eventually.UntilAsync("the last words have been waited for", () => time.Armed == 1);
        first.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromSeconds(3));
        await first.WaitAsync(Eventually.Limit);
        await serve(late).WaitAsync(Eventually.Limit);

        await connections.StoppedAsync(default);
    }

    private static Task UntilClosedAsync(CancellationToken closed)
    {
        var over = new TaskCompletionSource();
        closed.Register(over.SetResult);
        return over.Task;
    }

    /// <summary>Blanks, which JSON may have as many of as it likes, faster than the server calls too slow; until it is
    /// cut.</summary>
    private static async Task SendOnAsync(Socket socket)
    {
        var blanks = Encoding.ASCII.GetBytes(new string(' ', 200));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            for (var sent = 0; sent < 900_000; sent += blanks.Length)
            {
                await ticks.WaitForNextTickAsync();
                await socket.SendAsync(blanks);
            }
        }
        catch (SocketException)
        {
            // That is the cut.
        }
    }
}
