using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>What a driver's leaving means, over HTTP: <c>onDisconnect</c> and <c>maxDurationSeconds</c>.</summary>
public sealed class DriverLeavesTests
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/event-stream")]
    public async Task A_stream_that_is_to_end_with_its_driver_is_cancelled_in_words(string accept)
    {
        await using var server = await ManualServer.StartAsync(new LocalLog());
        var id = await server.Client.CreateAsync(new { source = "told", onDisconnect = "cancel" });
        await LeaveAsync(server, id, accept);

        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        server.Engine.Drivers.IsDriving(new(id)).Should().BeTrue();
        await server.AdvanceUntilAsync("it is cancelled", () => !server.Engine.Drivers.IsDriving(new(id)));

        var stream = await server.Client.QueryAsync(id);
        stream.GetProperty("status").GetString().Should().Be("cancelled");
        stream.GetProperty("text").GetString().Should().Be("Kept. ");
        stream.GetProperty("error").GetProperty("message").GetString().Should().Contain("driver").And.Contain("10 s");
    }

    [Fact]
    public async Task A_follower_keeps_it_running()
    {
        await using var server = await ManualServer.StartAsync(new LocalLog());
        var id = await server.Client.CreateAsync(new { source = "told", onDisconnect = "cancel" });
        using var follower = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        await LeaveAsync(server, id, "text/plain");

        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        server.Engine.Drivers.IsDriving(new(id)).Should().BeTrue();
        server.Script(id).End();
        await server.OverAsync(follower);

        follower.End.Status.Should().Be("done");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("continue")]
    public async Task Otherwise_it_goes_on(string? onDisconnect)
    {
        await using var server = await ManualServer.StartAsync(new LocalLog());
        var id = await server.Client.CreateAsync(new { source = "told", onDisconnect });
        await LeaveAsync(server, id, "text/plain");

        await server.AdvanceAsync(TimeSpan.FromSeconds(60));

        server.Engine.Drivers.IsDriving(new(id)).Should().BeTrue();
    }

    [Fact]
    public async Task A_stream_that_runs_too_long_ends_as_timeout_and_tells_its_driver()
    {
        await using var server = await ManualServer.StartAsync(new LocalLog());
        var id = await server.Client.CreateAsync(new { source = "told", maxDurationSeconds = 5 });
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, StreamRequests.Events));
        await server.Script(id).Begun;

        await server.AdvanceUntilAsync("it has ended", () => driver.Over.IsCompleted);

        driver.End.Status.Should().Be("timeout");
        driver.End.Json.GetProperty("error").GetProperty("message").GetString().Should().Contain("5 s after its start");
    }

    [Fact]
    public async Task Of_an_upload_that_goes_on_every_connection_is_a_driver()
    {
        await using var server = await ManualServer.StartAsync(new LocalLog());
        var id = await server.Client.CreateAsync(new { source = "upload", onDisconnect = "cancel" });
        var body = new HeldBody();
        var uploading = UploadAsync(server, id, body);
        await body.Sent.WaitAsync(Eventually.Limit);
        await server.AdvanceUntilAsync(
            "its text is stored", async () => (await server.Client.QueryAsync(id)).GetProperty("length").GetInt64() == "Kept. ".Length);
        await server.SettledAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        server.Engine.Drivers.IsDriving(new(id)).Should().BeTrue();

        body.Break();
        await FluentActions.Awaiting(() => uploading).Should().ThrowAsync<HttpRequestException>();
        await server.AdvanceUntilAsync("it is cancelled", () => !server.Engine.Drivers.IsDriving(new(id)));

        (await server.Client.QueryAsync(id)).GetProperty("status").GetString().Should().Be("cancelled");
    }

    private static async Task UploadAsync(ManualServer server, string id, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?continue=true") { Content = body };
        request.Headers.Add("Upload-Offset", "0");
        using var answer = await server.Client.SendAsync(request);
    }

    /// <summary>Sends some text and then nothing more, until it breaks off.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody() => Headers.ContentType = new("text/plain") { CharSet = "utf-8" };

        public Task Sent => sent.Task;

        public void Break() => over.TrySetException(new IOException("The client is gone."));

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("Kept. "u8.ToArray());
            await stream.FlushAsync();
            sent.TrySetResult();
            await over.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static async Task LeaveAsync(ManualServer server, string id, string accept)
    {
        using (await server.Client.DriveAsync(id, accept)) await server.Script(id).SayAsync("Kept. ");
        await server.SettledAsync();
    }
}
