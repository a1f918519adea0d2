using System.Net;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Texts;

/// <summary>A client that takes nothing of its answer is cut; one that takes little is not.</summary>
public sealed class SlowReaderTests : IAsyncLifetime
{
    private const int Length = 6 * 1024 * 1024;
    private static readonly TimeSpan TakeLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly ManualTime time = new();
    private TextStreamsApp app = null!;
    private string id = null!;

    public async Task InitializeAsync()
    {
        app = await TextStreamsApp.StartAsync(new()
        {
            Time = time,
            // Never the queue's bound.
            Options = new() { Driving = new DrivingLimits { DriverQueueChars = 2 * Length } },
            Http = { TakeLimit = TakeLimit, DefaultSource = "script" },
        });
        id = await app.CreateAsync(new { source = "upload" });
        var text = string.Concat(Enumerable.Repeat(new string('x', 63) + "\n", Length / 64));
        using var upload = await app.Client.PostAsync($"/v1/streams/{id}/drive", new StringContent(text));
        upload.StatusCode.Should().Be(HttpStatusCode.OK);
        await Eventually.UntilAsync("nothing is held of it", () => app.Engine.Memory.Held == 0);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    [InlineData("/events")]
    [InlineData("/events?after=1")]
    public async Task One_that_takes_nothing_of_an_ended_text_is_cut_and_holds_nothing_any_more(string path)
    {
        using var socket = await AskAsync(path);
        await Eventually.UntilAsync("it is being answered", () => app.Engine.Memory.Held > 0);

        await PassUntilAsync("it is cut", () => app.Engine.Memory.Held == 0);

        (await ReadToCutAsync(socket, TimeSpan.Zero)).Should().BeLessThan(Length / 2);
    }

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    [InlineData("/events")]
    public async Task One_that_takes_little_gets_all_of_it(string path)
    {
        using var socket = await AskAsync(path);

        (await ReadToCutAsync(socket, TimeSpan.FromMilliseconds(40))).Should().BeGreaterThanOrEqualTo(Length);
    }

    [Fact]
    public async Task A_driver_that_takes_nothing_is_cut_and_its_stream_goes_on()
    {
        var driven = await app.CreateAsync();
        using var socket = await SendAsync($"POST /v1/streams/{driven}/drive HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        var script = app.Script.For(new(driven));
        for (var i = 0; i < 20; i++) await script.SayAsync(new string('x', 49_999) + "\n");

        await PassUntilAsync("nothing waits for it any more", () => app.Engine.Memory.Held == 0);

        app.Engine.Drivers.Count.Should().Be(1);
        script.End();
        await Eventually.UntilAsync("the stream has ended well", async () => (await app.GetAsync(driven)).GetProperty("status").GetString() == "done");
        (await app.GetAsync(driven)).GetProperty("length").GetInt32().Should().Be(1_000_000);
    }

    [Fact]
    public async Task Of_an_upload_only_the_echo_stops()
    {
        var echoed = await app.CreateAsync(new { source = "upload" });
        using var socket = await SendAsync(
            $"POST /v1/streams/{echoed}/drive HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nAccept: text/plain\r\nContent-Length: {Length}\r\n\r\n");
        var piece = Encoding.ASCII.GetBytes(new string('x', 63) + "\n");
        var half = Enumerable.Repeat(piece, Length / 64 / 2).SelectMany(bytes => bytes).ToArray();
        await socket.SendAsync(half);
        await Eventually.UntilAsync("what came is durable", async () =>
        {
            time.Advance(Moment);
            return (await app.GetAsync(echoed + "?text=false")).GetProperty("length").GetInt32() == half.Length;
        });
        await PassUntilAsync("the echo has stopped", () => app.Engine.Memory.Held < half.Length / 2);

        await socket.SendAsync(half);

        await Eventually.UntilAsync("it has ended well", async () => (await app.GetAsync(echoed)).GetProperty("status").GetString() == "done");
        (await app.GetAsync(echoed)).GetProperty("length").GetInt32().Should().Be(Length);
    }

    /// <summary>Not so fast that a stream that is still running counts as silent.</summary>
    private Task PassUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(Moment);
        return false;
    });

    private Task<Socket> AskAsync(string path) => SendAsync($"GET /v1/streams/{id}{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    private async Task<Socket> SendAsync(string request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return socket;
    }

    private async Task<long> ReadToCutAsync(Socket socket, TimeSpan pause)
    {
        var (all, buffer) = (0L, new byte[128 * 1024]);
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Eventually.Limit) is > 0 and var read)
            {
                all += read;
                if (all % 7 == 0) time.Advance(pause);
            }
        }
        catch (SocketException)
        {
            // A reset is a cut too.
        }

        return all;
    }
}
