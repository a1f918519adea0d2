using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class LogTroubleTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private RefusingLog log = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => log = new RefusingLog(inner) });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task An_observer_waits_while_the_log_is_away_and_goes_on_where_it_was()
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id);
        using var live = await app.Client.GetAsync($"/v1/streams/{id}/events?after=1", HttpCompletionOption.ResponseHeadersRead);
        using var liveEvents = await EventStreamReader.OpenAsync(live);
        await app.Script.For(new(id)).SayAsync("One. ");
        (await liveEvents.NextAsync())!.Text.Should().Be("One. ");

        log.GoAway();
        await app.Script.For(new(id)).SayAsync("Two.");
        app.Script.For(new(id)).End();
        using var late = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        late.StatusCode.Should().Be(HttpStatusCode.OK);
        using var lateEvents = await EventStreamReader.OpenAsync(late);
        (await app.Client.GetAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        var (liveRest, lateAll) = (liveEvents.ToEndAsync(), lateEvents.ToEndAsync());
        await Eventually.UntilAsync("both are told that it is away", () => liveEvents.Comments > 0 && lateEvents.Comments > 0);
        log.ComeBack();

        var rest = await liveRest;
        rest.Select(e => e.Name).Should().Equal("text", "end");
        rest[0].Text.Should().Be("Two.");
        string.Concat((await lateAll).Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One. Two.");
    }

    [Fact]
    public async Task Damage_is_an_error_that_names_the_place_and_never_another_text()
    {
        var id = await app.CreateDoneAsync("One. ", "Two. ", "Three.");
        log.Damaged = ($"text-{id}", 3);

        using var whole = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        whole.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        using var response = await app.Client.GetAsync($"/v1/streams/{id}/events?after=0", HttpCompletionOption.ResponseHeadersRead);
        using var events = await EventStreamReader.OpenAsync(response);
        (await events.NextAsync())!.Name.Should().Be("status");
        (await events.NextAsync())!.Text.Should().Be("One. ");
        await events.Invoking(e => e.NextAsync()).Should().ThrowAsync<IOException>();

        using var resumed = await app.Client.GetAsync($"/v1/streams/{id}/events?after=2");
        resumed.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        var problem = await resumed.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be("/problems/log-damaged");
        problem.GetProperty("detail").GetString().Should().Contain($"text-{id}, revision 3");
    }
}
