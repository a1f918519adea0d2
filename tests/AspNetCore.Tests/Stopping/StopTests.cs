using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>SIGTERM to the ready-made host: it goes within 5 s, whatever its clients do or do not do.</summary>
public sealed class StopTests : IDisposable
{
    /// <summary>Twice what is promised.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Seconds that the host would wait for its clients if it waited for them.</summary>
    private const string Patience = "300";

    private readonly TempFolder folder = new();
    private readonly List<Socket> sockets = [];

    public void Dispose()
    {
        sockets.ForEach(socket => socket.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task It_goes_within_seconds_and_leaves_its_folder_whatever_its_clients_do()
    {
        var grpcPort = Ports.Free();
        await using var server = await WebProcess.StartAsync(
            folder.Path, "--Embedded:GrpcPort", grpcPort.ToString(CultureInfo.InvariantCulture), "--shutdownTimeoutSeconds", Patience);
        var uploads = new List<string>();
        foreach (var kind in (string[])["", "Accept: text/event-stream\r\n", "Accept: text/plain\r\n"])
        {
            var id = await server.Client.CreateAsync(new { source = "upload" });
            uploads.Add(id);
            await SendAsync(server, $"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}Content-Length: 1000\r\n\r\nhalf of it. ");
        }

        var continued = await server.Client.CreateAsync(new { source = "upload" });
        uploads.Add(continued);
        await SendAsync(server, $"POST /v1/streams/{continued}/drive?continue=true HTTP/1.1\r\nHost: 127.0.0.1\r\nUpload-Offset: 0\r\nContent-Length: 1000\r\n\r\nhalf of it. ");
        var talking = await server.Client.CreateAsync(new { source = "demo", input = new { rate = 100_000, length = 1_000_000 } });
        await SendAsync(server, $"POST /v1/streams/{talking}/drive HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", reads: false);
        await Eventually.UntilAsync("the texts are there", async () => (await Task.WhenAll(uploads.Select(server.Client.QueryAsync)))
            .All(stream => stream.GetProperty("text").GetString() == "half of it. "));
        await Eventually.UntilAsync("there is much to follow", async () =>
            (await server.Client.QueryAsync(talking)).GetProperty("length").GetInt64() > 3_000_000);
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(server, $"GET /v1/streams/{talking}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", reads: false);
            await SendAsync(server, $"GET /v1/streams/{talking}/text HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", reads: false);
            await SendAsync(server, $"GET /v1/streams/{uploads[0]}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            await SendAsync(server, "POST /v1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            await SendAsync(server, "GET /v1/str");
            await SendAsync(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            await SendAsync(server, "");
        }

        var took = await StoppedAsync(server);

        await using var again = await WebProcess.StartAsync(folder.Path);        // it has left the folder
        foreach (var id in uploads.Append(talking))
        {
            var stored = await again.Client.QueryAsync(id);
            stored.GetProperty("error").GetProperty("message").GetString().Should().Be("The server was stopped while the text was being made.");
        }

        // On a machine that is busy with other things a stop without any client takes its time, too.
        took.Should().BeLessThan(Limit + (4 * await StoppedAsync(again)));
    }

    private static async Task<TimeSpan> StoppedAsync(WebProcess server)
    {
        var before = Stopwatch.GetTimestamp();
        await server.StopAsync().WaitAsync(Eventually.Limit);
        return Stopwatch.GetElapsedTime(before);
    }

    private async Task SendAsync(WebProcess server, string request, bool reads = true)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(socket);
        if (!reads) socket.ReceiveBufferSize = 2048;
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
    }
}
