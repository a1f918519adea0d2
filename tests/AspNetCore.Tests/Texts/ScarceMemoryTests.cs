using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Texts;

/// <summary>Where the memory for texts is used up, new readings and claims wait or are refused, and what runs goes
/// on.</summary>
public sealed class ScarceMemoryTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private TextStreamsApp app = null!;
    private string id = null!;

    public async Task InitializeAsync()
    {
        app = await TextStreamsApp.StartAsync(new()
        {
            Time = time,
            Options = new() { MemoryLimit = 2 * TextMemory.ReadingBytes },       // one reading at a time
            Http = { MaxRequests = 3, DefaultSource = "script" },
        });
        id = await app.CreateAsync(new { source = "upload" });
        using var upload = await app.Client.PostAsync($"/v1/streams/{id}/drive", new StringContent(new string('x', 4 * 1024 * 1024)));
        upload.StatusCode.Should().Be(HttpStatusCode.OK);
        await Eventually.UntilAsync("nothing of it counts any more", () => app.Engine.Memory.Held == 0 && app.Access.UnderWay.Count == 0);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    public async Task A_reader_waits_for_its_turn_and_is_then_told_to_come_again(string path)
    {
        using var stalled = await StalledAsync();
        var second = app.Client.GetAsync($"/v1/streams/{id}{path}");
        await Eventually.UntilAsync("it waits", () => app.Engine.Memory.Waiting == 1);

        time.Advance(TimeSpan.FromSeconds(5));

        using var refused = await second;
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        refused.Content.Headers.ContentRange.Should().BeNull();
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/busy");
        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/streams/{id}{path}"));
        head.StatusCode.Should().Be(HttpStatusCode.OK, "what needs no text needs no turn");
        stalled.Dispose();
        (await app.Client.GetAsync($"/v1/streams/{id}{path}")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_observer_is_told_to_wait_and_gets_all_when_it_is_its_turn()
    {
        var stalled = await StalledAsync();
        var asked = app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        await Eventually.UntilAsync("it waits", () => app.Engine.Memory.Waiting == 1);
        time.Advance(TimeSpan.FromSeconds(3));
        using var answer = await asked;
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "an EventSource comes again after no other answer");
        using var events = await EventStreamReader.OpenAsync(answer);

        stalled.Dispose();
        var all = await events.ToEndAsync();

        events.Comments.Should().BeGreaterThan(0);
        all.Where(e => e.Name == "text").Sum(e => e.Text.Length).Should().Be(4 * 1024 * 1024);
        all[^1].Name.Should().Be("end");
    }

    [Fact]
    public async Task Nothing_new_is_claimed_and_what_runs_goes_on()
    {
        var (running, waiting) = (await app.CreateAsync(), await app.CreateAsync());
        using var driver = await app.DriveAsync(running);
        app.Engine.Memory.Hold(app.Engine.Memory.Limit);

        using var refused = await app.DriveAsync(waiting);

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        await app.Script.For(new(running)).SayAsync("It goes on.");
        app.Script.For(new(running)).End();
        (await driver.Content.ReadAsStringAsync()).Should().Be("It goes on.");
        app.Engine.Memory.Release(app.Engine.Memory.Limit);
        using var claimed = await app.DriveAsync(waiting);
        claimed.StatusCode.Should().Be(HttpStatusCode.OK);
        app.Script.For(new(waiting)).End();
    }

    [Fact]
    public async Task More_requests_than_may_be_under_way_are_told_to_come_again()
    {
        var live = await app.CreateAsync();
        await Eventually.UntilAsync("what was answered counts no more", () => app.Access.UnderWay.Count == 0);
        var observers = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++) observers.Add(await app.Client.GetAsync($"/v1/streams/{live}/events", HttpCompletionOption.ResponseHeadersRead));

        using var refused = await app.Client.GetAsync($"/v1/streams/{live}");

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/busy");
        observers.ForEach(observer => observer.Dispose());
        await Eventually.UntilAsync("there is room again", async () => (await app.Client.GetAsync($"/v1/streams/{live}")).IsSuccessStatusCode);
    }

    /// <summary>A reader that has the only turn, and takes nothing.</summary>
    private async Task<Socket> StalledAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/streams/{id}/text HTTP/1.1\r\nHost: x\r\n\r\n"));
        await Eventually.UntilAsync("it has its turn", () => app.Engine.Memory.Held >= TextMemory.ReadingBytes);
        return socket;
    }
}
