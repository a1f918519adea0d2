using System.Net;
using System.Net.Http.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>A log that answers nothing for 25 s under 50 live streams: no driver misses a token, nothing is lost,
/// nothing doubled.</summary>
public abstract class SilentLogTests(ITestLog log) : IAsyncLifetime
{
    private const int Streams = 50;

    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Whoever_asks_a_silent_log_is_told_to_come_again()
    {
        var (running, pending) = (await server.CreateAsync(), await server.CreateAsync());
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(running));
        server.Log.GoAway();
        await server.Script(running).SayAsync("During. ");
        Task<HttpResponseMessage>[] requests =
        [
            server.Client.GetAsync($"/v1/streams/{running}"),
            server.Client.GetAsync($"/v1/streams/{running}?at=1"),
            server.Client.GetAsync($"/v1/streams/{running}/text"),
            server.Client.DriveAsync(pending),
            server.Client.PostAsync($"/v1/streams/{running}/cancel", null),
            server.Client.DeleteAsync($"/v1/streams/{pending}"),
            server.Client.PostAsJsonAsync("/v1/streams", new { source = "told" }),
        ];
        var follower = LiveAnswer.OfAsync(server.Client.FollowAsync(running));

        // On the way to it no time passes: the running stream has its limit, too.
        await Eventually.UntilAsync("all have come, as the driver has", () => server.Access.UnderWay.Count == requests.Length + 2);
        await server.AdvanceUntilAsync("all are answered", () => follower.IsCompleted && requests.All(request => request.IsCompleted));

        foreach (var request in requests)
        {
            using var answer = await request;
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable, "{0}", answer.RequestMessage);
            answer.Headers.RetryAfter.Should().NotBeNull();
        }

        server.Log.ComeBack();
        server.Script(running).End();
        using var told = await follower;
        await server.AdvanceUntilAsync("the follower has the end", () => told.Over.IsCompleted);
        told.Text.Should().Be("During. ").And.Be(driver.Text);
        told.End.Status.Should().Be("done");
        (await server.Client.StatusAsync(pending)).Should().Be("pending");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_of_25_s_costs_no_token(bool answersAreLost)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => server.CreateAsync()));
        var drivers = await Task.WhenAll(ids.Select(
            (id, i) => LiveAnswer.OfAsync(server.Client.DriveAsync(id, i % 2 == 0 ? StreamRequests.Events : "text/plain"))));
        var followers = await Task.WhenAll(ids.Select(id => LiveAnswer.OfAsync(server.Client.FollowAsync(id))));
        var text = "Before. ";
        foreach (var id in ids) await server.Script(id).SayAsync(text);
        if (answersAreLost) server.Log.LoseAnswers();
        else server.Log.GoAway();

        for (var second = 0; second < 25; second++)
        {
            text += $"second {second}. ";
            foreach (var id in ids) await server.Script(id).SayAsync($"second {second}. ");
            foreach (var driver in drivers) await driver.HasAsync(text);
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        server.Log.ComeBack();
        foreach (var id in ids) server.Script(id).End();
        await server.AdvanceUntilAsync("all have ended", () => drivers.Concat(followers).All(answer => answer.Over.IsCompleted));

        for (var i = 0; i < Streams; i++)
        {
            drivers[i].IsCut.Should().BeFalse();
            drivers[i].Text.Should().Be(text);
            followers[i].Text.Should().Be(text);
            followers[i].End.Status.Should().Be("done");
            (await server.Client.QueryAsync(ids[i])).GetProperty("text").GetString().Should().Be(text);
            var last = await server.Engine.Log.ReadLastAsync(new(ids[i]), default);
            last!.Event.Should().BeOfType<StreamEvent.StreamCompleted>().Which.Length.Should().Be(text.Length);
        }
    }

    public sealed class OnLocalLog() : SilentLogTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : SilentLogTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;
}
