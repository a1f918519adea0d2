using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>A stop with <c>Streams:DrainTimeout</c>: what runs may go on, and nothing new begins.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScriptedSource source = new("told");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_runs_goes_on_to_its_end_and_nothing_new_is_claimed()
    {
        await using var app = await StartAsync("00:05:00");
        var id = await app.Client.CreateAsync(new { source = "told" });
        var late = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
        await source.For(new(id)).SayAsync("Before. ");

        var stopped = app.StopAsync();
        await Eventually.UntilAsync("it says that it stops", async () =>
        {
            using var ready = await app.Client.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        using var refused = await app.Client.DriveAsync(late);
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Contain("stopping");
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        await source.For(new(id)).SayAsync("After.");
        stopped.IsCompleted.Should().BeFalse();
        source.For(new(id)).End();

        await stopped.WaitAsync(Eventually.Limit);
        await Task.WhenAll(driver.Over, follower.Over);
        driver.IsCut.Should().BeFalse();
        driver.Text.Should().Be("Before. After.");
        follower.End.Status.Should().Be("done");
    }

    [Fact]
    public async Task What_still_runs_after_it_ends_as_interrupted()
    {
        await using var app = await StartAsync("00:00:01");
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
        await source.For(new(id)).SayAsync("Endless. ");

        await app.StopAsync().WaitAsync(Eventually.Limit);
        await driver.Over;

        driver.End.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("interrupted");
        driver.Text.Should().Be("Endless. ");
    }

    [Fact]
    public async Task A_continued_upload_goes_on_while_the_server_drains()
    {
        await using var app = await StartAsync("00:05:00");
        var id = await app.Client.CreateAsync(new { source = "upload" });
        using var part = await app.Client.SendAsync(Upload(id, "One. ", 0, "?0"));
        var stopped = app.StopAsync();
        await Eventually.UntilAsync("it says that it stops", async () => !(await app.Client.GetAsync("/health/ready")).IsSuccessStatusCode);

        using var rest = await app.Client.SendAsync(Upload(id, "Two.", 5, "?1"));

        rest.StatusCode.Should().Be(HttpStatusCode.OK);
        await stopped.WaitAsync(Eventually.Limit);
    }

    private static HttpRequestMessage Upload(string id, string text, long offset, string complete)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?continue=true") { Content = new StringContent(text) };
        request.Headers.TryAddWithoutValidation("Upload-Offset", $"{offset}");
        request.Headers.TryAddWithoutValidation("Upload-Complete", complete);
        return request;
    }

    private Task<HostedApp> StartAsync(string drain) => HostedApp.StartAsync(
        new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path, ["Streams:DrainTimeout"] = drain }, source);
}
