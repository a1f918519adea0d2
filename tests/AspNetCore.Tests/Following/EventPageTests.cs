using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>Following by requests of which each is answered as one JSON document.</summary>
public sealed class EventPageTests : IAsyncLifetime
{
    private const string Json = "application/json";

    private readonly ManualTime time = new();
    private IEventStore store = null!;
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => store = inner });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task What_is_there_comes_at_once_and_pages_that_follow_each_other_are_the_whole_stream()
    {
        var id = await app.CreateDoneAsync("One. ", "Zwei ü. ", "🙂 three.");

        var events = await PagesAsync(id);

        events.Select(e => e.GetProperty("event").GetString()).Should().Equal("status", "status", "text", "end");
        events[2].GetProperty("data").ToString().Should().Be("""{"offset":0,"text":"One. Zwei ü. 🙂 three."}""");
        events[2].GetProperty("id").GetInt64().Should().Be(4);
        events[3].GetProperty("data").ToString().Should().Be("""{"status":"done","revision":5,"length":25,"finishReason":"stop"}""");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task It_goes_on_behind_any_revision_and_counts_in_utf16_where_asked(int after)
    {
        var id = await app.CreateDoneAsync("One. ", "Zwei ü. ", "🙂 three.");
        var whole = "One. Zwei ü. 🙂 three.";

        var page = await PageAsync(id, $"?after={after}&units=utf16");

        page.GetProperty("cursor").GetInt64().Should().Be(5);
        foreach (var each in page.GetProperty("events").EnumerateArray().Select(e => (Name: e.GetProperty("event").GetString(), Data: e.GetProperty("data"))))
        {
            if (each.Name == "end") each.Data.GetProperty("chars").GetInt32().Should().Be(whole.Length);
            if (each.Name != "text") continue;
            var chars = each.Data.GetProperty("chars").GetInt32();
            whole[chars..].Should().StartWith(each.Data.GetProperty("text").GetString());
            Encoding.UTF8.GetByteCount(whole.AsSpan(0, chars)).Should().Be(each.Data.GetProperty("offset").GetInt32());
        }
    }

    [Fact]
    public async Task It_waits_for_what_comes_and_answers_at_once_then()
    {
        var id = await app.CreateAsync();
        var waiting = PageAsync(id, "?after=0&wait=60");

        using var driver = await app.DriveAsync(id);
        (await waiting).GetProperty("events").EnumerateArray().First().ToString().Should().Be("""{"id":1,"event":"status","data":{"status":"streaming"}}""");
        var next = PageAsync(id, "?after=1&wait=60");
        await app.Script.For(new(id)).SayAsync("Hello. ");

        (await next).ToString().Should().Be("""{"events":[{"id":2,"event":"text","data":{"offset":0,"text":"Hello. "}}],"cursor":2}""");
    }

    [Fact]
    public async Task Where_nothing_comes_it_says_so_after_the_time_that_was_given_and_holds_nothing()
    {
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = time });
        var id = await slow.CreateAsync();
        var waiting = slow.Client.SendAsync(Request(id, "?after=0&wait=30"));
        await Eventually.UntilAsync("it waits", () => slow.Access.Broadcasts.Count == 1);

        time.Advance(TimeSpan.FromSeconds(29));
        waiting.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await (await waiting).Content.ReadAsStringAsync()).Should().Be("""{"events":[],"cursor":0}""");
        await Eventually.UntilAsync("it has left", () => slow.Access.Broadcasts.Count == 0 && !slow.Engine.Drivers.Followers.Any(new(id)));
        (await slow.Client.SendAsync(Request(id, "?after=0"))).StatusCode.Should().Be(HttpStatusCode.OK, "without wait it does not");
    }

    [Fact]
    public async Task A_follower_that_waits_counts_as_one()
    {
        var id = await app.CreateAsync();
        var waiting = PageAsync(id, "?after=0&wait=60");

        await Eventually.UntilAsync("it counts", () => app.Engine.Drivers.Followers.Any(new(id)));

        await app.Client.PostAsync($"/v1/streams/{id}/cancel", null);
        (await waiting).GetProperty("events").EnumerateArray().Last().GetProperty("data").GetProperty("status").GetString().Should().Be("cancelled");
    }

    [Fact]
    public async Task A_large_text_comes_in_bounded_pages()
    {
        var id = await app.CreateAsync();
        using (var driver = await app.DriveAsync(id))
        {
            for (var i = 0; i < 16; i++) await app.Script.For(new(id)).SayAsync(new string((char)('a' + i), 65_535) + "\n");
            app.Script.For(new(id)).End();
            await driver.Content.ReadAsStringAsync();
        }

        var (after, text, pages) = ((long?)null, new StringBuilder(), 0);
        while (text.Length < 16 * 65_536)
        {
            var page = await PageAsync(id, after is null ? "" : $"?after={after}");
            var part = string.Concat(Events(page).Where(e => e.GetProperty("event").GetString() == "text").Select(e => e.GetProperty("data").GetProperty("text").GetString()));
            part.Length.Should().BeLessThanOrEqualTo(6 * 65_536);
            (after, pages) = (page.GetProperty("cursor").GetInt64(), pages + 1);
            text.Append(part);
        }

        pages.Should().BeGreaterThan(2);
        text.ToString().Should().Be(await app.Client.GetStringAsync($"/v1/streams/{id}/text"));
    }

    [Theory]
    [InlineData("/none/events", 404, "unknown-stream")]
    [InlineData("/gone/events", 410, "deleted")]
    [InlineData("/done/events?after=5", 204, null)]
    [InlineData("/live/events?after=7", 400, "cursor-past-end")]
    [InlineData("/live/events?wait=61", 400, "invalid-request")]
    [InlineData("/live/events?wait=soon", 400, "invalid-request")]
    [InlineData("/live/events?units=words", 400, "invalid-request")]
    [InlineData("/live/events?after=-1", 400, "invalid-request")]
    public async Task Refusals_are_those_of_every_follower(string path, int status, string? problem)
    {
        await app.CreateAsync(new { id = "live", source = "script" });
        await app.CreateAsync(new { id = "gone", source = "script" });
        await app.Client.DeleteAsync("/v1/streams/gone");
        var done = await app.CreateDoneAsync("Done.");

        using var request = Request("x", "");
        request.RequestUri = new Uri($"/v1/streams{path.Replace("done", done, StringComparison.Ordinal)}", UriKind.Relative);
        using var answer = await app.Client.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(status);
        if (problem is not null) (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be($"/problems/{problem}");
    }

    [Fact]
    public async Task A_deletion_ends_it_as_it_ends_every_follower()
    {
        // What comes within 2 s of its end is told as its deletion.
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = new SlowTime(20) });
        var id = await slow.CreateAsync();
        using var driver = await slow.DriveAsync(id);
        var waiting = slow.Client.SendAsync(Request(id, "?after=1&wait=60"));
        await Eventually.UntilAsync("it waits", () => slow.Access.Broadcasts.Count == 1);

        await slow.Client.DeleteAsync($"/v1/streams/{id}");

        Events(await (await waiting).Content.ReadFromJsonAsync<JsonElement>()).Last().GetProperty("data").GetProperty("status").GetString().Should().Be("deleted");
    }

    [Fact]
    public async Task Another_programs_event_ends_it_with_an_error_behind_the_text()
    {
        var id = await app.CreateDoneAsync("One.");
        var foreign = new NewEvent(new Domain.EventId(Guid.NewGuid()), "OrderPlaced", Json, """{"total":1}"""u8.ToArray(), default);
        await store.AppendAsync($"text-{id}", ExpectedRevision.Any, [foreign], default);

        var page = await PageAsync(id, "");

        Events(page).Select(e => e.GetProperty("event").GetString()).Should().Contain("text");
        using var rest = await app.Client.SendAsync(Request(id, $"?after={page.GetProperty("cursor")}"));
        rest.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json, text/plain, */*", true)]
    [InlineData("text/event-stream;q=0.5, application/json", true)]
    [InlineData("text/event-stream", false)]
    [InlineData("*/*", false)]
    [InlineData("application/json;q=0.5, text/event-stream", false)]
    [InlineData("application/json, text/event-stream", false)]
    [InlineData("", false)]
    public async Task What_is_accepted_decides_and_in_doubt_it_is_events(string accept, bool isPage)
    {
        var id = await app.CreateDoneAsync("Done.");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events");
        if (accept.Length > 0) request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await app.Client.SendAsync(request);

        answer.Content.Headers.ContentType!.MediaType.Should().Be(isPage ? Json : "text/event-stream");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        answer.Headers.GetValues("X-Stream-Id").Should().Equal(id);
    }

    [Fact]
    public async Task Without_parameters_events_are_byte_for_byte_what_they_were()
    {
        var id = await app.CreateDoneAsync("One. ", "Two.");

        (await app.Client.GetStringAsync($"/v1/streams/{id}/events")).Should().Be(
            "id: 0\nevent: status\ndata: {\"status\":\"pending\"}\n\nid: 1\nevent: status\ndata: {\"status\":\"streaming\"}\n\n"
            + "id: 3\nevent: text\ndata: {\"offset\":0,\"text\":\"One. Two.\"}\n\n"
            + "id: 4\nevent: end\ndata: {\"status\":\"done\",\"revision\":4,\"length\":9,\"finishReason\":\"stop\"}\n\n");
        (await app.Client.GetStringAsync($"/v1/streams/{id}/events?units=utf16")).Should().Contain("data: {\"chars\":0,\"offset\":0,\"text\":\"One. Two.\"}");
    }

    private static JsonElement.ArrayEnumerator Events(JsonElement page) => page.GetProperty("events").EnumerateArray();

    private static HttpRequestMessage Request(string id, string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        return request;
    }

    private async Task<JsonElement> PageAsync(string id, string query)
    {
        using var answer = await app.Client.SendAsync(Request(id, query));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<JsonElement>> PagesAsync(string id)
    {
        var (events, cursor) = (new List<JsonElement>(), "");
        while (true)
        {
            using var answer = await app.Client.SendAsync(Request(id, cursor));
            if (answer.StatusCode == HttpStatusCode.NoContent) return events;
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            events.AddRange(Events(page));
            cursor = $"?after={page.GetProperty("cursor")}";
        }
    }
}
