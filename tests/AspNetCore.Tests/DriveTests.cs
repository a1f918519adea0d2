using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class DriveTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Options = new StreamEngineOptions { Driving = new DrivingLimits { MaxLength = 3_000_000 } },
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_driver_gets_each_token_at_once()
    {
        var id = await app.CreateAsync();
        using var response = await app.DriveAsync(id);                           // headers come before there is text

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
        response.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        response.Headers.GetValues("X-Stream-Id").Should().Equal(id);
        var body = await response.Content.ReadAsStreamAsync();
        foreach (var token in (string[])["a", " b", "🙂", "\r\n"])
        {
            await app.Script.For(new(id)).SayAsync(token);
            var bytes = new byte[Encoding.UTF8.GetByteCount(token)];
            await body.ReadExactlyAsync(bytes);
            Encoding.UTF8.GetString(bytes).Should().Be(token);
        }

        app.Script.For(new(id)).End();
        (await body.ReadAsync(new byte[1])).Should().Be(0);
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("done");
    }

    [Fact]
    public async Task An_error_cuts_the_raw_text_after_its_last_byte()
    {
        for (var i = 0; i < 20; i++)
        {
            var id = await app.CreateAsync();
            using var response = await app.DriveAsync(id);
            await app.Script.For(new(id)).SayAsync("First. Second half");
            app.Script.For(new(id)).Throw(new SourceFailedException("broken", "It broke."));

            var got = await ReadUntilCutAsync(response);

            got.Should().Be("First. Second half");
            var stream = await app.GetAsync(id);
            stream.GetProperty("text").GetString().Should().Be(got);
            stream.GetProperty("status").GetString().Should().Be("error");
            stream.GetProperty("error").GetProperty("code").GetString().Should().Be("broken");
        }
    }

    [Fact]
    public async Task Events_tell_text_what_is_saved_and_the_end()
    {
        var id = await app.CreateAsync();
        using var response = await app.DriveAsync(id, "text/event-stream");
        using var events = await EventStreamReader.OpenAsync(response);
        await app.Script.For(new(id)).SayAsync("Hi.");

        (await events.NextAsync()).Should().Be(new SseEvent(null, "text", "{\"text\":\"Hi.\"}"));
        (await events.NextAsync()).Should().Be(new SseEvent(null, "saved", "{\"revision\":2,\"length\":3}"));
        app.Script.For(new(id)).Throw(new SourceFailedException("broken", "It broke."));
        var rest = await events.ToEndAsync();

        rest[^1].Should().Be(new SseEvent(
            null, "end", "{\"status\":\"error\",\"revision\":3,\"length\":3,\"error\":{\"code\":\"broken\",\"message\":\"It broke.\"}}"));
    }

    [Fact]
    public async Task Only_one_of_many_drives()
    {
        var id = await app.CreateAsync();

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.DriveAsync(id)));
        app.Script.For(new(id)).End();

        all.Should().ContainSingle(r => r.StatusCode == HttpStatusCode.OK);
        foreach (var refused in all.Where(r => r.StatusCode != HttpStatusCode.OK))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Conflict);
            refused.Headers.GetValues("Link").Should().Equal($"</v1/streams/{id}/events>; rel=\"follow\"");
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("type").GetString().Should().Be("/problems/already-driven");
            problem.GetProperty("streamStatus").GetString().Should().Be("streaming");
        }

        await all.Single(r => r.StatusCode == HttpStatusCode.OK).Content.ReadAsStringAsync();
        app.Script.Runs.Should().Be(1);
        using var late = await app.DriveAsync(id);
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        var ended = await late.Content.ReadFromJsonAsync<JsonElement>();
        ended.GetProperty("type").GetString().Should().Be("/problems/stream-ended");
        ended.GetProperty("streamStatus").GetString().Should().Be("done");
    }

    [Fact]
    public async Task A_driver_that_leaves_does_not_stop_the_text()
    {
        var id = await app.CreateAsync();
        var response = await app.DriveAsync(id);
        await app.Script.For(new(id)).SayAsync("before ");
        response.Dispose();

        await app.Script.For(new(id)).SayAsync("after");
        app.Script.For(new(id)).End();

        await Eventually.UntilAsync(
            "the stream is done", async () => (await app.GetAsync(id)).GetProperty("status").GetString() == "done");
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("before after");
    }

    [Fact]
    public async Task A_driver_that_does_not_read_is_dropped_and_holds_nothing_up()
    {
        await using var roomy = await TextStreamsApp.StartAsync(); // more text than any system's buffers take
        var id = await roomy.CreateAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(roomy.BaseAddress.Host, roomy.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));

        for (var i = 0; i < 300; i++) await roomy.Script.For(new(id)).SayAsync(new string('x', 50_000));
        roomy.Script.For(new(id)).End();

        await Eventually.UntilAsync(
            "the stream is done", async () => (await roomy.GetAsync(id)).GetProperty("status").GetString() == "done");
        (await roomy.GetAsync(id)).GetProperty("length").GetInt64().Should().Be(300 * 50_000);
        await Eventually.UntilAsync("it is cut", () => IsCut(socket));
    }

    [Fact]
    public async Task An_upload_is_answered_with_how_it_ended()
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await UploadAsync(id, "Grüße, 🙂"u8.ToArray());

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var stream = await response.Content.ReadFromJsonAsync<JsonElement>();
        stream.GetProperty("status").GetString().Should().Be("done");
        stream.GetProperty("length").GetInt64().Should().Be(13);
        stream.TryGetProperty("text", out _).Should().BeFalse();
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("Grüße, 🙂");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/event-stream")]
    public async Task An_upload_can_be_echoed_or_tell_what_is_saved(string accept)
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await UploadAsync(id, "Some text."u8.ToArray(), accept);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        if (accept == "text/plain")
        {
            (await response.Content.ReadAsStringAsync()).Should().Be("Some text.");
            return;
        }

        using var events = await EventStreamReader.OpenAsync(response);
        var all = await events.ToEndAsync();
        all.Select(e => e.Name).Should().OnlyContain(name => name == "saved" || name == "end");
        all[^1].Status.Should().Be("done");
    }

    [Fact]
    public async Task An_upload_that_is_not_utf8_is_told_where()
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await UploadAsync(id, [.. "good "u8, 0xFF, 0x41]);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be("/problems/invalid-utf8");
        problem.GetProperty("detail").GetString().Should().Contain("5");
        problem.GetProperty("streamStatus").GetString().Should().Be("error");
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("good ");
    }

    [Fact]
    public async Task An_upload_that_is_too_long_is_told_so()
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await UploadAsync(id, new byte[5_000_000]);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/too-long");
        (await app.GetAsync(id)).GetProperty("length").GetInt64().Should().Be(3_000_000);
    }

    [Fact]
    public async Task An_upload_of_something_else_claims_nothing()
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await UploadAsync(id, [1, 2, 3], contentType: "image/png");

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("pending");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Accept: text/event-stream\r\n")]
    [InlineData("Accept: text/plain\r\n")]
    public async Task A_client_that_waits_to_be_asked_for_its_body_is_asked(string accept)
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\n{accept}Connection: close\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);

        (await reader.ReadLineAsync().WaitAsync(Eventually.Limit)).Should().Be("HTTP/1.1 100 Continue");
        await stream.WriteAsync("5\r\nhello\r\n0\r\n\r\n"u8.ToArray());
        (await reader.ReadToEndAsync().WaitAsync(Eventually.Limit)).Should().Contain("HTTP/1.1 200 OK");

        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("hello");
    }

    [Fact]
    public async Task A_reader_of_an_echo_that_stands_still_does_not_hold_the_upload_up()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\nContent-Length: 2900000\r\n\r\n"));

        await stream.WriteAsync(Enumerable.Repeat((byte)'x', 2_900_000).ToArray()).AsTask().WaitAsync(Eventually.Limit);

        await Eventually.UntilAsync(
            "the upload is done", async () => (await app.GetAsync(id)).GetProperty("status").GetString() == "done");
        (await app.GetAsync(id)).GetProperty("length").GetInt64().Should().Be(2_900_000);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_ends_as_an_error_with_its_text_kept()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
            await Eventually.UntilAsync("the text is there", async () => (await app.GetAsync(id)).GetProperty("length").GetInt64() == 5);
        }

        await Eventually.UntilAsync("it has ended", async () => (await app.GetAsync(id)).GetProperty("status").GetString() == "error");
        (await app.GetAsync(id)).GetProperty("error").GetProperty("code").GetString().Should().Be("upload-interrupted");
    }

    /// <summary>Reads what the system had taken already, up to the cut.</summary>
    private static bool IsCut(Socket socket)
    {
        if (!socket.Poll(0, SelectMode.SelectRead)) return false;
        try
        {
            return socket.Receive(new byte[64 * 1024]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<string> ReadUntilCutAsync(HttpResponseMessage response)
    {
        var (body, text) = (await response.Content.ReadAsStreamAsync(), new MemoryStream());
        var cut = async () =>
        {
            var buffer = new byte[4096];
            while (await body.ReadAsync(buffer) is > 0 and var read) text.Write(buffer, 0, read);
        };
        await cut.Should().ThrowAsync<Exception>("a clean end would mean success");
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private async Task<HttpResponseMessage> UploadAsync(string id, byte[] body, string? accept = null, string? contentType = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive") { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await app.Client.SendAsync(request);
    }
}
