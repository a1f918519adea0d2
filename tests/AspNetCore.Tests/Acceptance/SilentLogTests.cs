using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>A log that answers nothing for 25 s under 50 live streams: no driver misses a token, nothing is lost, nothing doubled.</summary>
public sealed class SilentLogTests : IAsyncLifetime
{
    private const int Streams = 50;

    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

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
}
