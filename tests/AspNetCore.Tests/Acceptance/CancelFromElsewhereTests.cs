using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 10: a second device cancels; the text so far is kept, actor and reason are on record, and the writer
/// stops.</summary>
public abstract class CancelFromElsewhereTests(ITestLog log)
{
    private readonly ScriptedSource source = new("told");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancel_keeps_the_text_and_says_who_and_why(bool onAnotherServer)
    {
        await using var server = await StartAsync("a");
        await using var other = await StartAsync("b");
        var id = await server.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, StreamRequests.Events));
        using var raw = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        await source.For(new(id)).SayAsync("Saved. ", "and half a sen");
        await driver.HasAsync("Saved. and half a sen");

        using var second = new HttpClient { BaseAddress = (onAnotherServer ? other : server).BaseAddress };
        second.DefaultRequestHeaders.Add("X-Me", "ann");
        using var answer = await second.PostAsJsonAsync($"/v1/streams/{id}/cancel", new { reason = "Enough." });

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        told.GetProperty("status").GetString().Should().Be("cancelled");
        told.GetProperty("error").GetProperty("by").GetString().Should().Be("ann");
        source.For(new(id)).Token.IsCancellationRequested.Should().BeTrue();
        await Task.WhenAll(driver.Over, raw.Over);
        driver.End.Status.Should().Be("cancelled");
        driver.End.Json.GetProperty("error").GetProperty("message").GetString().Should().Be("Enough.");
        driver.End.Json.GetProperty("error").GetProperty("by").GetString().Should().Be("ann");
        raw.End.Status.Should().Be("cancelled");
        raw.Text.Should().Be("Saved. and half a sen").And.Be(driver.Text);
        (await second.QueryAsync(id)).GetProperty("text").GetString().Should().Be(driver.Text);
        var last = await server.Engine.Log.ReadLastAsync(new(id), default);
        last!.Event.Should().BeOfType<StreamEvent.StreamCancelled>().Which.Should().Match<StreamEvent.StreamCancelled>(
            cancelled => cancelled.By == "ann" && cancelled.Reason == "Enough.");
        last.Context.Node!.Node.Should().Be("a", "its driver ends a stream, whichever node is asked");
    }

    [Fact]
    public async Task A_cancel_takes_no_longer_than_a_flush()
    {
        await using var server = await ManualServer.StartAsync(log);
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        await server.Script(id).SayAsync("not due yet");

        // The clock stands: whatever waited for it would wait for ever.
        using var answer = await server.Client.PostAsync($"/v1/streams/{id}/cancel", null);
        await driver.Over.WaitAsync(TestKit.Eventually.Limit);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        driver.IsCut.Should().BeTrue("a clean end would say that the text is whole");
        driver.Text.Should().Be("not due yet");
        (await server.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be("not due yet");
    }

    private Task<TextStreamsApp> StartAsync(string node) => TextStreamsApp.StartAsync(new()
    {
        Sources = [source],
        Log = log,
        Node = node,
        Time = new SlowTime(20), // after 2 s the asker would end it itself
        Before = app => app.Use(next => http =>
        {
            var name = http.Request.Headers["X-Me"].ToString();
            if (name.Length > 0) http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
            return next(http);
        }),
    });

    public sealed class OnLocalLog() : CancelFromElsewhereTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : CancelFromElsewhereTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : CancelFromElsewhereTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
