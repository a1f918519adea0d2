using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.AspNetCore.Tests.Parts;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Notes;

/// <summary>A stream in which notes stand, before its ending and behind it: its answers are those of one without. No
/// note is written today: these are the tests' own.</summary>
public sealed class NotedStreamTests : IAsyncLifetime, IDisposable
{
    private const string Note = "RemarkedOverHttp";

    private readonly IDisposable known = EventKinds.With(new EventType(Note, EventKind.Note));
    private TextStreamsApp app = null!;

    public static TheoryData<int, int> Places => new() { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 300, 300 } };

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    public void Dispose() => known.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Its_text_is_read_whole_in_ranges_and_as_it_was(int within, int behind)
    {
        var (stream, noted) = await WrittenAsync(within, behind);

        for (var i = 0; i < 2; i++)
        {
            (await app.Client.GetStringAsync("/v1/streams/s/text")).Should().Be("One. Two.");
            var shown = await app.GetAsync("s");
            (shown.GetProperty("status").GetString(), shown.GetProperty("text").GetString()).Should().Be(("done", "One. Two."));
            shown.GetProperty("revision").GetInt64().Should().Be(stream.Revision);
        }

        using var range = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/s/text") { Headers = { Range = new RangeHeaderValue(5, 7) } };
        using var part = await app.Client.SendAsync(range);
        (part.StatusCode, await part.Content.ReadAsStringAsync()).Should().Be((HttpStatusCode.PartialContent, "Two"));
        (await app.GetAsync("s?text=false")).GetProperty("length").GetInt64().Should().Be(9);
        (await app.GetAsync("s?units=utf16")).GetProperty("chars").GetInt64().Should().Be(9);
        (await app.GetAsync($"s?at={noted}")).GetProperty("text").GetString().Should().Be("One. ");
        (await app.GetAsync($"s?at={stream.Revision}")).GetProperty("text").GetString().Should().Be("One. Two.");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Its_parts_are_read(int within, int behind)
    {
        await WrittenAsync(within, behind);

        var content = (await app.GetAsync("s?parts=true")).GetProperty("content");

        content.EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("text")}").Should()
            .Equal("text One. ", "reasoning Hm.", "text Two.");
        (await app.Client.GetStringAsync("/v1/streams/s/parts/1")).Should().Be("Hm.");
        (await EventsAsync("s", "&parts=true")).Select(e => e.Name).Should().Equal("status", "status", "text", "part", "part-text", "part-end", "text", "end");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_observer_that_comes_late_gets_all_of_it_from_every_cursor(int within, int behind)
    {
        var (stream, _) = await WrittenAsync(within, behind);
        var ending = stream.Revision - behind;

        for (var i = 0; i < 2; i++)
        {
            var all = await EventsAsync("s");
            string.Concat(all.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One. Two.");
            (all[^1].Name, all[^1].Id).Should().Be(("end", $"{ending}"));
        }

        foreach (var after in Enumerable.Range(0, (int)ending).Where(after => after < 8 || after > ending - 8))
        {
            var rest = await EventsAsync("s", $"&after={after}");
            "One. Two.".Should().EndWith(string.Concat(rest.Where(e => e.Name == "text").Select(e => e.Text)), $"after {after}");
            rest[^1].Id.Should().Be($"{ending}");
        }

        foreach (var after in new[] { ending, stream.Revision })
        {
            using var over = await app.Client.GetAsync($"/v1/streams/s/events?after={after}");
            over.StatusCode.Should().Be(HttpStatusCode.NoContent);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Its_events_come_in_pages_and_beside_those_of_others(int within, int behind)
    {
        var (stream, _) = await WrittenAsync(within, behind);
        var ending = stream.Revision - behind;

        var page = await PageAsync("s");
        page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("event").GetString()).Should().Equal("status", "status", "text", "end");
        page.GetProperty("cursor").GetInt64().Should().Be(ending);

        using var shared = await app.Client.PostAsJsonAsync("/v1/streams/-/follow", new { streams = new[] { new { id = "s" } } });
        using var events = await EventStreamReader.OpenAsync(shared);
        var all = await events.ToEndAsync();
        string.Concat(all.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One. Two.");
        all[^1].Json.GetProperty("cursor").GetInt64().Should().Be(ending);
    }

    [Fact]
    public async Task A_live_observer_and_the_apps_own_code_go_on_behind_a_note()
    {
        var stream = await StoredStream.Begun(app, "s").Body("One. ").WrittenAsync();
        using var response = await app.Client.FollowAsync("s");
        using var live = await EventStreamReader.OpenAsync(response);
        foreach (var _ in Enumerable.Range(0, 3)) await live.NextAsync();
        var fromCode = app.Streams.FollowAsync(stream.Id).ToListAsync().AsTask();

        await stream.NotedAsync(Note);
        await stream.Body("Two.").Done().NotedAsync(Note);

        (await live.ToEndAsync()).Select(e => $"{e.Id} {e.Name}").Should().Equal("4 text", "5 end");
        (await fromCode.WaitAsync(Eventually.Limit))[^1].Revision.Should().Be(Revision.From(5));
    }

    [Fact]
    public async Task The_revision_of_a_note_is_a_cursor_like_any_other()
    {
        var stream = await StoredStream.Begun(app, "s").Body("One. ").NotedAsync(Note, notes: 2);
        var shown = (await app.GetAsync("s")).GetProperty("revision").GetInt64();

        using var response = await app.Client.FollowAsync("s", shown);
        using var live = await EventStreamReader.OpenAsync(response);
        var fromCode = app.Streams.FollowAsync(stream.Id, Revision.From(shown)).ToListAsync().AsTask();
        (await PageAsync("s", $"?after={shown}")).GetProperty("events").GetArrayLength().Should().Be(0);
        using var beyond = await app.Client.GetAsync($"/v1/streams/s/events?after={shown + 1}");
        await stream.Body("Two.").Done().WrittenAsync();

        shown.Should().Be(4);
        (await live.ToEndAsync()).Select(e => $"{e.Id} {e.Name}").Should().Equal("5 text", "6 end");
        (await fromCode.WaitAsync(Eventually.Limit)).Should().HaveCount(2);
        beyond.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task It_is_listed_and_exported_with_its_notes()
    {
        var id = await app.CreateAsync(new { source = "script", labels = new { user = "ann" } });
        var script = app.Script.For(new(id));
        using var driver = await app.DriveAsync(id);
        await script.SayAsync("One. ");
        await Eventually.UntilAsync("it is saved", async () => (await app.GetAsync(id)).GetProperty("text").GetString() == "One. ");
        await PutAsync(id);
        await script.SayAsync("Two.");
        script.End();
        (await driver.Content.ReadAsStringAsync()).Should().Be("One. Two.");
        await PutAsync(id);

        await Eventually.UntilAsync("it is listed as done", async () =>
            (await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams?status=done&label=user:ann")).GetProperty("items").GetArrayLength() == 1);
        var lines = (await app.Client.GetStringAsync("/v1/export?label=user:ann")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(line => line.Contains($"\"{Note}\"", StringComparison.Ordinal)).Should().Be(2);
        JsonElement.Parse(lines[^1]).GetProperty("streams").GetInt32().Should().Be(1);
        using var again = await app.DriveAsync(id);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/stream-ended");
    }

    /// <returns>The stream, and the revision of the last note before its ending, or of what stands there
    /// instead.</returns>
    private async Task<(StoredStream Stream, long Noted)> WrittenAsync(int within, int behind)
    {
        var stream = StoredStream.Begun(app, "s").Body("One. ").Part(1, new PartStart(PartKinds.Reasoning), "Hm.");
        var noted = (await stream.NotedAsync(Note, within)).Revision;
        return (await stream.Body("Two.").Done().NotedAsync(Note, behind), noted);
    }

    private async Task PutAsync(string id)
    {
        var last = (await app.Engine.Log.ReadLastAsync(new(id), default))!;
        var note = new StreamNote(Note) { At = Scenario.Noon };
        (await app.Engine.Log.AppendAsync(new Append(new AppendId(Guid.NewGuid()), last.Stream, last.Head, [note], last.Context), default))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    private async Task<List<SseEvent>> EventsAsync(string id, string query = "")
    {
        using var response = await app.Client.GetAsync($"/v1/streams/{id}/events?{query.TrimStart('&')}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = await EventStreamReader.OpenAsync(response);
        return await reader.ToEndAsync();
    }

    private async Task<JsonElement> PageAsync(string id, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events{query}") { Headers = { Accept = { new("application/json") } } };
        using var response = await app.Client.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
