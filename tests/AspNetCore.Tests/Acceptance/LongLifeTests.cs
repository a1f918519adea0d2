using System.Net.Sockets;
using System.Text;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 8: life keeps a stream, silence ends it, at its own limit.</summary>
public abstract class LongLifeTests(ITestLog log) : IAsyncLifetime
{
    private static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_stream_that_is_active_for_25_minutes_survives()
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        using var observer = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        var text = "";
        for (var minute = 0; minute < 25; minute++)
        {
            text += $"minute {minute}, ";
            await server.Script(id).SayAsync($"minute {minute}, ");
            server.Time.Advance(Flush);
            await observer.HasAsync(text);
            await server.SettledAsync();
            await server.AdvanceAsync(Minute);
        }

        server.Script(id).Token.IsCancellationRequested.Should().BeFalse();
        server.Script(id).End();
        await server.OverAsync(driver, observer);

        driver.IsCut.Should().BeFalse();
        driver.Text.Should().Be(text).And.Be(observer.Text);
        observer.End.Status.Should().Be("done");
    }

    [Fact]
    public async Task An_idle_stream_ends_at_its_own_limit_and_no_other()
    {
        var quick = await server.Client.CreateAsync(new { source = "told", idleTimeoutSeconds = 60 });
        var usual = await server.CreateAsync();
        using var quickDriver = await LiveAnswer.OfAsync(server.Client.DriveAsync(quick, StreamRequests.Events));
        using var usualDriver = await LiveAnswer.OfAsync(server.Client.DriveAsync(usual));
        await server.Script(quick).SayAsync("and then");
        await server.Script(usual).SayAsync("and then");

        using var quickFollower = await LiveAnswer.OfAsync(server.Client.FollowAsync(quick));
        using var usualFollower = await LiveAnswer.OfAsync(server.Client.FollowAsync(usual));
        server.Time.Advance(Flush);
        await Task.WhenAll(quickFollower.HasAsync("and then"), usualFollower.HasAsync("and then"));
        await server.SettledAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(58));
        quickDriver.Over.IsCompleted.Should().BeFalse();
        await server.AdvanceAsync(TimeSpan.FromSeconds(3));
        await server.OverAsync(quickDriver);

        quickDriver.End.Status.Should().Be("timeout");
        quickDriver.Text.Should().Be("and then");
        (await server.Client.QueryAsync(quick)).GetProperty("text").GetString().Should().Be("and then");
        server.Script(quick).Token.IsCancellationRequested.Should().BeTrue();
        (await server.Client.StatusAsync(usual)).Should().Be("streaming");
        await server.AdvanceAsync(18 * Minute);
        usualDriver.Over.IsCompleted.Should().BeFalse();
        await server.AdvanceUntilAsync("the other has ended", () => usualDriver.Over.IsCompleted);
        usualDriver.IsCut.Should().BeTrue();
        (await server.Client.StatusAsync(usual)).Should().Be("timeout");
    }

    [Fact]
    public async Task An_upload_of_one_byte_a_minute_lives()
    {
        var id = await server.Client.CreateAsync(new { source = "upload" });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/streams/{id}/drive HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"));
        for (var minute = 0; minute < 45; minute++)
        {
            await stream.WriteAsync("1\r\nx\r\n"u8.ToArray());
            var wanted = minute + 1;
            await server.AdvanceUntilAsync(
                "the byte is durable", async () => (await server.Client.QueryAsync(id)).GetProperty("length").GetInt64() == wanted);
            await server.SettledAsync();
            await server.AdvanceAsync(Minute);
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        var answering = reader.ReadToEndAsync();
        await server.AdvanceUntilAsync("it is answered", () => answering.IsCompleted);
        (await answering).Should().StartWith("HTTP/1.1 200 ").And.Contain("\"done\"");
        (await server.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be(new string('x', 45));
    }

    public sealed class OnLocalLog() : LongLifeTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : LongLifeTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : LongLifeTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
