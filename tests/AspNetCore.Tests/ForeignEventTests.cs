using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>Another program has written into a text's stream, or its own streams have our prefix: told as such, by name
/// and revision.</summary>
public sealed class ForeignEventTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private IEventStore store = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => store = inner });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task The_text_before_it_stays_readable_and_the_query_names_it()
    {
        var id = await app.CreateDoneAsync("One. ", "Two.");
        var before = await app.GetAsync(id);
        using var known = await app.Client.GetAsync($"/v1/streams/{id}");
        var revision = await PutAsync(id);

        using var response = await app.Client.GetAsync($"/v1/streams/{id}");
        var after = await response.Content.ReadFromJsonAsync<JsonElement>();
        after.GetProperty("foreign").ToString().Should().Be($"{{\"type\":\"OrderPlaced\",\"revision\":{revision}}}");
        foreach (var member in before.EnumerateObject()) after.GetProperty(member.Name).ToString().Should().Be(member.Value.ToString(), member.Name);
        response.Headers.ETag.Should().NotBe(known.Headers.ETag, "the answer is another");
        (await app.GetAsync($"{id}?at={revision - 1}")).GetProperty("text").GetString().Should().Be("One. Two.");
        using var text = await app.Client.GetAsync($"/v1/streams/{id}/text");
        (await text.Content.ReadAsStringAsync()).Should().Be("One. Two.");
        text.Headers.GetValues("X-Stream-Foreign").Should().Equal($"{revision}");
        await ProblemAsync(await app.Client.GetAsync($"/v1/streams/{id}?at={revision}"), "foreign-event", $"'OrderPlaced', revision {revision}");
    }

    [Fact]
    public async Task An_observer_gets_the_text_before_it_and_is_told_then()
    {
        var id = await app.CreateDoneAsync("One. ", "Two.");
        var revision = await PutAsync(id);

        using var response = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var events = await EventStreamReader.OpenAsync(response);
        var all = await events.ToEndAsync();

        string.Concat(all.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One. Two.");
        all.Count(e => e.Name == "end").Should().BeInRange(1, 2);
        using var again = await app.Client.GetAsync($"/v1/streams/{id}/events?after={revision - 1}");
        await ProblemAsync(again, "foreign-event", $"'OrderPlaced', revision {revision}");
        using var far = await app.Client.GetAsync($"/v1/streams/{id}/events?after={revision + 50}");
        await ProblemAsync(far, "foreign-event", "'OrderPlaced'");
    }

    [Fact]
    public async Task A_driver_and_a_live_observer_are_told_when_it_comes()
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id, "text/event-stream");
        using var driven = await EventStreamReader.OpenAsync(driver);
        var script = app.Script.For(new(id));
        using var response = await app.Client.GetAsync($"/v1/streams/{id}/events?after=1", HttpCompletionOption.ResponseHeadersRead);
        using var live = await EventStreamReader.OpenAsync(response);
        await script.SayAsync("One. ");
        (await live.NextAsync())!.Text.Should().Be("One. ");

        var revision = await PutAsync(id);
        await script.SayAsync("Two.");
        script.End();

        var observed = (await live.ToEndAsync()).Should().ContainSingle().Which;
        (observed.Name, observed.Id, observed.Status).Should().Be(("end", null, "unknown"));
        observed.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("foreign-event");
        observed.Json.GetProperty("error").GetProperty("message").GetString().Should().Contain("'OrderPlaced'").And.Contain($"revision {revision}");
        var told = (await driven.ToEndAsync())[^1];
        (told.Name, told.Status).Should().Be(("end", "unknown"));
        told.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("foreign-event");
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("One. ");
    }

    [Fact]
    public async Task An_id_that_another_program_has_taken_is_a_conflict_in_words()
    {
        await PutAsync("order1");

        await ProblemAsync(await CreateAsync("order1"), "id-in-use", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.GetAsync("/v1/streams/order1"), "foreign-event", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.GetAsync("/v1/streams/order1/text"), "foreign-event", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.GetAsync("/v1/streams/order1/events"), "foreign-event", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.PostAsync("/v1/streams/order1/drive", null), "foreign-event", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.PostAsync("/v1/streams/order1/cancel", null), "foreign-event", "'OrderPlaced', revision 0");
        await ProblemAsync(await app.Client.DeleteAsync("/v1/streams/order1"), "foreign-event", "'OrderPlaced', revision 0");
        app.Engine.Problem.Should().BeNull("the server is as ready as before");
    }

    [Fact]
    public async Task The_same_creation_again_finds_its_stream_with_what_came_behind_it()
    {
        (await CreateAsync("mine")).StatusCode.Should().Be(HttpStatusCode.Created);
        await PutAsync("mine");

        using var again = await CreateAsync("mine");
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("foreign").GetProperty("revision").GetInt64().Should().Be(1);
        using var other = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "mine", source = "demo" });
        await ProblemAsync(other, "id-in-use", "Another request");
    }

    [Fact]
    public async Task A_list_names_it_and_makes_nothing_up()
    {
        var id = await app.CreateDoneAsync("One.");
        var revision = await PutAsync(id);
        await PutAsync("order1");

        JsonElement[] items = [];
        await Eventually.UntilAsync("both are listed with it", async () =>
        {
            items = [.. (await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams")).GetProperty("items").EnumerateArray()];
            return items.Count(item => item.TryGetProperty("foreign", out _)) == 2;
        });

        items[0].GetProperty("id").GetString().Should().Be(id);
        items[0].GetProperty("status").GetString().Should().Be("done");
        items[0].GetProperty("foreign").GetProperty("revision").GetInt64().Should().Be(revision);
        items[1].ToString().Should().Be("""{"id":"order1","foreign":{"type":"OrderPlaced","revision":0}}""");
        foreach (var filter in new[] { "status=pending", "source=script", "from=2000-01-01T00:00:00Z", "to=2100-01-01T00:00:00Z", "label=a:b" })
            (await app.Client.GetStringAsync($"/v1/streams?{filter}")).Should().NotContain("order1", filter);
    }

    /// <returns>Its revision.</returns>
    private async Task<long> PutAsync(string id)
    {
        var next = new NewEvent(new Domain.EventId(Guid.NewGuid()), "OrderPlaced", "application/json", """{"total":1}"""u8.ToArray(), default);
        return (await store.AppendAsync($"text-{id}", ExpectedRevision.Any, [next], default)).Should().BeOfType<AppendOutcome.Appended>().Which.Last;
    }

    private Task<HttpResponseMessage> CreateAsync(string id) => app.Client.PostAsJsonAsync("/v1/streams", new { id, source = "script" });

    private static async Task ProblemAsync(HttpResponseMessage response, string type, string words)
    {
        using (response)
        {
            response.StatusCode.Should().Be(HttpStatusCode.Conflict);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("type").GetString().Should().Be($"/problems/{type}");
            problem.GetProperty("detail").GetString().Should().Contain(words);
        }
    }
}
