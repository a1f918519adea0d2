using System.Net;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 1: two POSTs 2 ms apart, before there is any text, run one source; the other is told where to
/// follow.</summary>
public abstract class OneOfTwoClaimsTests(ITestLog log)
{
    private const int Rounds = 20;

    private readonly ScriptedSource source = new("told");

    [Fact]
    public async Task On_one_server_one_of_two_posts_drives_and_the_other_follows()
    {
        await using var app = await TextStreamsApp.StartAsync(new() { Log = log, Sources = [source] });

        await RaceAsync(app.Client, app.Client);
    }

    [Fact]
    public async Task On_two_servers_on_one_log_one_of_two_posts_drives_and_the_other_follows()
    {
        await using var a = await TextStreamsApp.StartAsync(new() { Sources = [source], Log = log, Node = "a" });
        await using var b = await TextStreamsApp.StartAsync(new() { Sources = [source], Log = log, Node = "b" });

        await RaceAsync(a.Client, b.Client);
    }

    [Fact]
    public async Task In_the_ready_made_host_one_of_two_posts_drives_and_the_other_follows()
    {
        using var folder = new TempFolder();
        await using var app = await HostedApp.StartReadyAsync(log.SettingsFor(folder.Path), source);

        await RaceAsync(app.Client, app.Client);
        await app.StopAsync();
    }

    private async Task RaceAsync(HttpClient a, HttpClient b)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var id = await a.CreateAsync(new { source = "told" });
            var first = a.DriveAsync(id);
            await Task.Delay(round % 2 == 0 ? 2 : 0); // this is the race, not a wait for something
            var second = b.DriveAsync(id);
            var answers = await Task.WhenAll(first, second);

            answers.Should().ContainSingle(answer => answer.StatusCode == HttpStatusCode.OK);
            var told = answers.Should().ContainSingle(answer => answer.StatusCode == HttpStatusCode.Conflict).Subject;
            var link = told.Headers.GetValues("Link").Should().ContainSingle().Subject;
            link.Should().EndWith("; rel=\"follow\"");
            using var driver = await LiveAnswer.OfAsync(Task.FromResult(answers.Single(answer => answer != told)));
            using var follower = await LiveAnswer.OfAsync(
                (told == answers[0] ? a : b).GetAsync(link.Split('<', '>')[1], HttpCompletionOption.ResponseHeadersRead));
            await source.For(new(id)).SayAsync("one token", " and another, no delimiter", " anywhere");
            source.For(new(id)).End();
            await Task.WhenAll(driver.Over, follower.Over);

            driver.IsCut.Should().BeFalse();
            driver.Text.Should().Be("one token and another, no delimiter anywhere");
            follower.Text.Should().Be(driver.Text);
            follower.End.Status.Should().Be("done");
            (await b.QueryAsync(id)).GetProperty("text").GetString().Should().Be(driver.Text);
        }

        source.Runs.Should().Be(Rounds);
    }

    public sealed class OnLocalLog() : OneOfTwoClaimsTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : OneOfTwoClaimsTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : OneOfTwoClaimsTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
