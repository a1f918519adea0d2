using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>What a client does wrong is its own fault: it is told so where it can be, and the log does not
/// complain.</summary>
public sealed class ClientFaultTests : IAsyncLifetime
{
    private readonly RecordedLogs logs = new();
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Logs = logs });

    public async Task DisposeAsync() => await app.DisposeAsync();

    public static TheoryData<string, string> BadBodies() => new()
    {
        { "Transfer-Encoding: chunked", "zz\r\nhello\r\n" },
        { "Transfer-Encoding: chunked", "-1\r\nhello\r\n" },
        { "Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\nhello\r\n" },
        { "Transfer-Encoding: chunked", "5\r\n{\"a\":XX\r\n" },
        { "Transfer-Encoding: chunked", "2\r\n{}\r\nnope\r\n" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_body_that_is_not_http_is_a_bad_request(string header, string body)
    {
        var upload = await app.CreateAsync(new { source = "upload" });
        foreach (var (path, type) in (((string, string)[])[("/v1/streams", "application/json"), ($"/v1/streams/{upload}/drive", "text/plain")]))
        {
            using var socket = await SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n{header}\r\n\r\n{body}");
            var answer = Encoding.UTF8.GetString(await socket.ReadToEndAsync());

            answer.Should().StartWith("HTTP/1.1 400 ", path).And.Contain("application/problem+json");
        }

        await app.StopAsync();
        logs.Complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\nabc", "")]
    [InlineData("Content-Length: 1000\r\n\r\nabc", "?continue=true")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "?continue=true")]
    public async Task An_upload_that_is_cancelled_while_its_client_is_quiet_is_answered_and_logs_no_fault(string body, string query)
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var socket = await SendAsync(
            $"POST /v1/streams/{id}/drive{query} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nUpload-Offset: 0\r\nConnection: close\r\n{body}");
        await Eventually.UntilAsync("its text is there", async () => (await app.GetAsync(id)).GetProperty("text").GetString() == "abc");

        (await app.Client.PostAsync($"/v1/streams/{id}/cancel", content: null)).EnsureSuccessStatusCode();
        var answer = Encoding.UTF8.GetString(await socket.ReadToEndAsync());

        answer.Should().StartWith("HTTP/1.1 409 ").And.Contain("cancelled");
        await app.StopAsync();
        logs.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Clients_that_go_in_the_midst_of_anything_are_no_errors()
    {
        var random = new Random(12);
        string[] bodies =
        [
            "Content-Length: 1000\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
            "Content-Length: 5\r\n\r\n", "Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n",
        ];
        for (var i = 0; i < 200; i++)
        {
            var head = "POST /v1/streams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
            if (i % 4 != 0)
            {
                var id = await app.CreateAsync(new { source = "upload" });
                var accept = ((string[])["", "Accept: text/event-stream\r\n", "Accept: text/plain\r\n"])[random.Next(3)];
                head = $"POST /v1/streams/{id}/drive{(i % 5 == 0 ? "?continue=true" : "")} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\n{accept}";
            }

            var socket = await SendAsync(head + bodies[random.Next(bodies.Length)]);
            if (random.Next(3) > 0) await Task.Yield();
            if (random.Next(4) > 0) socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }

        await app.StopAsync();
        logs.Complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    public async Task A_body_that_is_half_there_when_the_server_cuts_what_is_left_is_no_error(string body)
    {
        await Eventually.UntilAsync("it is idle", () => app.Access.UnderWay.Count == 0);
        using var socket = await SendAsync($"POST /v1/streams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{body}");
        await Eventually.UntilAsync("its rest is awaited", () => app.Access.UnderWay.Count == 1);

        await app.Access.ClearAsync();
        await socket.ReadToEndAsync();

        await app.StopAsync();
        logs.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_stream_of_http2_that_its_client_resets_is_no_error()
    {
        using var socket = await SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        // A reset of a stream that was never opened.
        await socket.SendAsync(new byte[] { 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8 });
        await socket.ReadToEndAsync();

        await app.StopAsync();
        logs.Complaints.Should().BeEmpty();
    }

    private async Task<Socket> SendAsync(string request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return socket;
    }
}
