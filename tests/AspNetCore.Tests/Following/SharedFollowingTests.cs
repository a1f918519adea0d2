using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>Several streams in one answer.</summary>
public sealed class SharedFollowingTests : IAsyncLifetime
{
    private IEventStore store = null!;
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => store = inner });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Streams_come_side_by_side_live_and_ended_and_the_answer_ends_with_the_last()
    {
        var (done, first, second) = (await app.CreateDoneAsync("Done."), await app.CreateAsync(), await app.CreateAsync());
        using var answer = await FollowAsync(Stream(done), Stream(first), Stream(second));
        using var events = await EventStreamReader.OpenAsync(answer);
        var all = events.ToEndAsync();
        foreach (var id in new[] { first, second })
        {
            using var driver = await app.DriveAsync(id);
            await app.Script.For(new(id)).SayAsync($"Text of {id}. ");
            await app.Script.For(new(id)).SayAsync("More.");
            app.Script.For(new(id)).End();
            await driver.Content.ReadAsStringAsync();
        }

        var told = await all.WaitAsync(Eventually.Limit);

        told.Should().OnlyContain(e => e.Id == null, "an id would be of one stream");
        foreach (var (id, text) in new[] { (done, "Done."), (first, $"Text of {first}. More."), (second, $"Text of {second}. More.") })
        {
            var own = told.Where(e => e.Json.GetProperty("stream").GetString() == id).ToList();
            string.Concat(own.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be(text);
            own.Select(e => e.Json.GetProperty("cursor").GetInt64()).Should().BeInAscendingOrder();
            (own[^1].Name, own[^1].Status).Should().Be(("end", "done"));
            (await app.GetAsync(id)).GetProperty("revision").GetInt64().Should().Be(own[^1].Json.GetProperty("cursor").GetInt64());
        }

        await Eventually.UntilAsync("nothing is left of it", () => app.Access.Broadcasts.Count == 0 && app.Engine.Drivers.Followers.Count == 0);
    }

    [Fact]
    public async Task What_cannot_be_followed_is_told_and_ends_nothing_else()
    {
        var (done, live, gone) = (await app.CreateDoneAsync("Done."), await app.CreateAsync(), await app.CreateAsync());
        await app.Client.DeleteAsync($"/v1/streams/{gone}");
        using var answer = await FollowAsync(Stream("none"), Stream(gone), Stream(done, 3), Stream(live, 0));
        using var events = await EventStreamReader.OpenAsync(answer);
        var told = new[] { await events.NextAsync(), await events.NextAsync(), await events.NextAsync() }.ToDictionary(e => e!.Json.GetProperty("stream").GetString()!);
        using var past = await FollowAsync(Stream(live, 50));

        Problem(told["none"]!).Should().Be((404, "/problems/unknown-stream"));
        Problem(told[gone]!).Should().Be((410, "/problems/deleted"));
        (told[done]!.Name, told[done]!.Data).Should().Be(("over", $$"""{"stream":"{{done}}","cursor":3}"""));
        Problem((await EventsAsync(past)).Single()).Should().Be((400, "/problems/cursor-past-end"));
        await app.Client.PostAsync($"/v1/streams/{live}/cancel", null);
        (await events.NextAsync())!.Status.Should().Be("cancelled");
        (await events.NextAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Each_goes_on_behind_its_own_cursor_with_offsets_in_utf16()
    {
        var (one, two) = (await app.CreateDoneAsync("ü. ", "🙂🙂. ", "Three."), await app.CreateDoneAsync("A. ", "B."));

        using var answer = await app.Client.PostAsJsonAsync(
            "/v1/streams/-/follow?units=utf16", new { streams = new object[] { new { id = one, after = 3 }, new { id = two, after = 2 } } });
        var events = await EventsAsync(answer);

        var text = events.Where(e => e.Name == "text").ToDictionary(e => e.Json.GetProperty("stream").GetString()!, e => e.Json);
        (text[one].GetProperty("chars").GetInt32(), text[one].GetProperty("offset").GetInt32(), text[one].GetProperty("text").GetString()).Should().Be((9, 14, "Three."));
        (text[two].GetProperty("chars").GetInt32(), text[two].GetProperty("offset").GetInt32(), text[two].GetProperty("text").GetString()).Should().Be((3, 3, "B."));
        events.Where(e => e.Name == "end").Select(e => e.Json.GetProperty("chars").GetInt32()).Should().BeEquivalentTo([15, 5]);
    }

    [Fact]
    public async Task A_deletion_and_another_programs_event_end_one_stream_each()
    {
        // What comes within 2 s of its end is told as its deletion.
        IEventStore store = null!;
        await using var app = await TextStreamsApp.StartAsync(new() { Time = new SlowTime(20), Wrap = inner => store = inner });
        var (deleted, foreign, live) = (await app.CreateAsync(), await app.CreateDoneAsync("One."), await app.CreateAsync());
        var other = new NewEvent(new Domain.EventId(Guid.NewGuid()), "OrderPlaced", "application/json", """{"total":1}"""u8.ToArray(), default);
        await store.AppendAsync($"text-{foreign}", ExpectedRevision.Any, [other], default);
        using var answer = await app.Client.SendAsync(
            Request([Stream(deleted), Stream(foreign), Stream(live), Stream(foreign + "x")]), HttpCompletionOption.ResponseHeadersRead);
        using var events = await EventStreamReader.OpenAsync(answer);
        var sent = new List<SseEvent>();
        while (!new[] { deleted, live }.All(id => sent.Exists(e => StreamOf(e) == id))) sent.Add((await events.NextAsync())!);

        await app.Client.DeleteAsync($"/v1/streams/{deleted}");
        await app.Client.PostAsync($"/v1/streams/{live}/cancel", null);
        sent.AddRange(await events.ToEndAsync().WaitAsync(Eventually.Limit));
        var told = sent.ToLookup(StreamOf);

        told[deleted].Last().Status.Should().Be("deleted");
        told[live].Last().Status.Should().Be("cancelled");
        string.Concat(told[foreign].Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One.");
        told[foreign].Last().Name.Should().Be("end");
    }

    [Theory]
    [InlineData("""{}""", "streams")]
    [InlineData("""{"streams":[]}""", "streams")]
    [InlineData("""{"streams":{}}""", "streams")]
    [InlineData("""{"streams":["a"]}""", "streams[0]")]
    [InlineData("""{"streams":[{"after":1}]}""", "streams[0].id")]
    [InlineData("""{"streams":[{"id":"-"}]}""", "streams[0].id")]
    [InlineData("""{"streams":[{"id":"a"},{"id":"a","after":3}]}""", "streams[1].id")]
    [InlineData("""{"streams":[{"id":"a","after":-1}]}""", "streams[0].after")]
    [InlineData("""{"streams":[{"id":"a","after":"1"}]}""", "streams[0].after")]
    [InlineData("""{"streams":[{"id":"a","token":""}]}""", "streams[0].token")]
    [InlineData("""{"streams":[{"id":"a","since":1}]}""", "streams[0]")]
    [InlineData("""{"ids":["a"]}""", "ids")]
    public async Task A_body_that_is_wrong_is_refused_by_name(string body, string field)
    {
        using var answer = await app.Client.PostAsync("/v1/streams/-/follow", new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
    }

    [Fact]
    public async Task There_are_at_most_a_hundred()
    {
        var streams = Enumerable.Range(0, 101).Select(i => Stream($"s{i}")).ToArray();

        using var tooMany = await FollowAsync(streams);
        using var most = await FollowAsync(streams[1..]);

        tooMany.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await EventsAsync(most)).Should().HaveCount(100);
    }

    [Fact]
    public async Task Without_a_host_that_knows_tokens_one_is_refused_and_the_rest_goes_on()
    {
        var done = await app.CreateDoneAsync("Done.");
        using var answer = await FollowAsync(new { id = "a", token = "secret" }, Stream(done));

        var told = (await EventsAsync(answer)).ToLookup(e => e.Json.GetProperty("stream").GetString());

        Problem(told["a"].Single()).Should().Be((400, "/problems/invalid-request"));
        told[done].Last().Name.Should().Be("end");
    }

    [Fact]
    public async Task Each_stream_counts_as_a_request_under_way()
    {
        await using var small = await TextStreamsApp.StartAsync(new() { Http = { MaxRequests = 2, DefaultSource = "script" } });
        var ids = new[] { await small.CreateAsync(), await small.CreateAsync(), await small.CreateAsync() };
        await Eventually.UntilAsync("what was answered counts no more", () => small.Access.UnderWay.Count == 0);
        using var answer = await small.Client.SendAsync(Request(ids.Select(id => Stream(id))), HttpCompletionOption.ResponseHeadersRead);
        using var events = await EventStreamReader.OpenAsync(answer);

        SseEvent? told;
        do told = await events.NextAsync();
        while (told!.Name != "error");

        Problem(told).Should().Be((503, "/problems/busy"));
        told.Json.GetProperty("retryAfterSeconds").GetInt32().Should().BePositive();
        (await small.Client.GetAsync("/v1/streams")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable, "two are followed, and there is room for two");
        answer.Dispose();
        await Eventually.UntilAsync("a follower that leaves makes room", async () => (await small.Client.GetAsync("/v1/streams")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_comment_comes_every_15_seconds_one_for_all()
    {
        var time = new ManualTime();
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = time });
        var ids = new[] { await slow.CreateAsync(), await slow.CreateAsync(), await slow.CreateAsync() };
        using var answer = await slow.Client.SendAsync(Request(ids.Select(id => Stream(id, 0))), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync()).Should().Be("retry: 2000");
        (await lines.ReadLineAsync()).Should().BeEmpty();
        await Eventually.UntilAsync("all are followed", () => slow.Access.Broadcasts.Count == 3);

        for (var i = 0; i < 2; i++)
        {
            var line = lines.ReadLineAsync();
            time.Advance(TimeSpan.FromSeconds(15));
            (await line.WaitAsync(Eventually.Limit)).Should().Be(":");
            (await lines.ReadLineAsync()).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_and_keeps_nothing_of_any_stream()
    {
        var time = new ManualTime();
        await using var strict = await TextStreamsApp.StartAsync(new() { Time = time, Http = { TakeLimit = TimeSpan.FromMilliseconds(400), DefaultSource = "script" } });
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(await LargeAsync(strict));
        var body = JsonSerializer.Serialize(new { streams = ids.Select(id => new { id }) });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(strict.BaseAddress.Host, strict.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/streams/-/follow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        await Eventually.UntilAsync("it has begun", () => strict.Engine.Drivers.Followers.Count > 0);
        await Eventually.UntilAsync("it is cut", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return strict.Engine.Drivers.Followers.Count == 0;
        });

        await Eventually.UntilAsync("nothing is held for it", () => strict.Engine.Memory.Held == 0);
    }

    [Fact]
    public async Task A_server_that_stops_ends_the_answer_well()
    {
        var id = await app.CreateAsync();
        using var answer = await FollowAsync(Stream(id));
        using var events = await EventStreamReader.OpenAsync(answer);
        (await events.NextAsync())!.Status.Should().Be("pending");

        var stopping = app.StopAsync();

        (await events.NextAsync()).Should().BeNull();
        await stopping.WaitAsync(Eventually.Limit); // and not for as long as a stop may take
    }

    [Fact]
    public async Task Owners_see_their_own_streams_and_no_others()
    {
        await using var owned = await TextStreamsApp.StartAsync(new() { Endpoints = endpoints => endpoints.OwnedBy(http => http.Request.Headers["X-User"]) });
        owned.Client.DefaultRequestHeaders.Add("X-User", "ada");
        await owned.CreateAsync(new { id = "hers", source = "script" });
        await owned.CreateAsync(new { id = "deleted", source = "script" });
        await owned.Client.DeleteAsync("/v1/streams/deleted");
        using var bob = Request([Stream("hers"), Stream("none"), Stream("deleted")]);
        bob.Headers.Add("X-User", "bob");
        using var client = new HttpClient { BaseAddress = owned.BaseAddress };

        using var answer = await client.SendAsync(bob);
        using var nobody = await client.SendAsync(Request([Stream("hers")]));

        var told = await EventsAsync(answer);
        told.Should().HaveCount(3);
        foreach (var each in told) Problem(each).Should().Be((404, "/problems/unknown-stream"));
        nobody.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> LargeAsync(TextStreamsApp app)
    {
        var id = await app.CreateAsync();
        using (await app.DriveAsync(id)) { } // its driver leaves: nothing is to be too slow for it
        for (var i = 0; i < 30; i++) await app.Script.For(new(id)).SayAsync(new string('x', 65_535) + "\n");
        app.Script.For(new(id)).End();
        await Eventually.UntilAsync("it has ended", async () => (await app.GetAsync(id)).GetProperty("status").GetString() == "done");
        return id;
    }

    private static string StreamOf(SseEvent told) => told.Json.GetProperty("stream").GetString()!;

    private static object Stream(string id, long? after = null) => new { id, after };

    private static HttpRequestMessage Request(IEnumerable<object> streams) =>
        new(HttpMethod.Post, "/v1/streams/-/follow") { Content = JsonContent.Create(new { streams }) };

    private static (int Status, string? Type) Problem(SseEvent told)
    {
        told.Name.Should().Be("error");
        var problem = told.Json.GetProperty("problem");
        return (problem.GetProperty("status").GetInt32(), problem.GetProperty("type").GetString());
    }

    private static async Task<List<SseEvent>> EventsAsync(HttpResponseMessage answer)
    {
        using var events = await EventStreamReader.OpenAsync(answer);
        return await events.ToEndAsync();
    }

    private Task<HttpResponseMessage> FollowAsync(params object[] streams) => app.Client.SendAsync(Request(streams), HttpCompletionOption.ResponseHeadersRead);
}
