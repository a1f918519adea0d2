using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 6: a driver that never reads is dropped at its bound; the text goes on.</summary>
public abstract class StalledDriverTests(ITestLog log)
{
    private const int QueueChars = 64 * 1024;
    private const int Pieces = 300;
    private static readonly string Piece = new string('x', 49_999) + "\n";

    private readonly ScriptedSource source = new("told");

    [Theory]
    [InlineData(StreamRequests.Events)]
    [InlineData("text/plain")]
    public async Task Observers_of_a_stream_whose_driver_stalls_get_all_of_it(string accept)
    {
        await using var app = await TextStreamsApp.StartAsync(new()
        {
            Log = log,
            Sources = [source],
            Options = new() { Driving = new DrivingLimits { DriverQueueChars = QueueChars } },
        });
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nContent-Length: 0\r\n\r\n"));
        await source.For(new(id)).Begun;
        using var observer = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));

        for (var i = 0; i < Pieces; i++)
        {
            await source.For(new(id)).SayAsync(Piece);
            if (i % 2 == 1) await Eventually.UntilAsync("the observer keeps up", () => observer.Length == (i + 1) * Piece.Length);
        }

        source.For(new(id)).End();
        await observer.Over;

        observer.End.Status.Should().Be("done");
        observer.Length.Should().Be(Pieces * Piece.Length);
        (await app.Client.QueryAsync(id)).GetProperty("length").GetInt64().Should().Be(Pieces * Piece.Length);

        // Now it reads: there is what the system's and the server's buffers held, and then it was cut. So nothing more
        // was kept for it.
        (await socket.ReadToEndAsync()).Length.Should().BeLessThan(Pieces * Piece.Length * 2 / 3);
        await Eventually.UntilAsync("nothing is driven any more", () => app.Engine.Drivers.Count == 0);
    }

    public sealed class OnLocalLog() : StalledDriverTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : StalledDriverTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : StalledDriverTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
