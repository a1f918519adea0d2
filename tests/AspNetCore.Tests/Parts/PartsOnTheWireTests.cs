using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>What a client gets that asks for parts: of what is stored.</summary>
public sealed class PartsOnTheWireTests : IAsyncLifetime
{
    private const string Secret = "S3CR3T";

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Events_have_the_parts_in_their_places_and_revisions_as_ids()
    {
        var stream = await MixedAsync("s");

        var events = await EventsAsync("s");

        events.Select(e => $"{e.Id} {e.Name} {e.Data}").Should().Equal(
            """0 status {"status":"pending"}""",
            """1 status {"status":"streaming"}""",
            """2 part {"part":1,"kind":"step","detail":{"model":"m"},"offset":0}""",
            """4 text {"offset":0,"text":"Où? Là."}""",
            """5 part {"part":2,"kind":"reasoning","offset":9}""",
            """7 part-text {"part":2,"offset":0,"text":"Let me think."}""",
            """8 part-end {"part":2,"length":13}""",
            """9 text {"offset":9,"text":" So"}""",
            """10 part {"part":3,"kind":"tool-call","name":"find","callId":"c1","encoding":"json","offset":12}""",
            """11 part-text {"part":3,"offset":0,"text":"{\"q\":"}""",
            """12 text {"offset":12,"text":" it "}""",
            """13 part-text {"part":3,"offset":5,"text":"1}"}""",
            """14 part-end {"part":3,"length":7}""",
            """18 part {"part":5,"kind":"tool-result","of":3,"offset":16}""",
            """19 part-text {"part":5,"offset":0,"text":"no"}""",
            """20 part-end {"part":5,"length":2,"error":"It broke."}""",
            """21 text {"offset":16,"text":"is."}""",
            """22 part-end {"part":1,"length":0,"detail":{"finishReason":"stop"}}""",
            """23 end {"status":"done","revision":23,"length":19,"finishReason":"stop","usage":{"total_tokens":3}}""");
        stream.Revision.Should().Be(23);
    }

    [Fact]
    public async Task Every_cursor_resumes_exactly_also_within_parts()
    {
        var stream = await MixedAsync("s");
        var whole = await EventsAsync("s");

        for (var after = 0; after < stream.Revision; after++)
        {
            var rest = await EventsAsync("s", $"&after={after}");
            var behind = whole.Where(e => long.Parse(e.Id!) > after).ToList();
            rest.Skip(1).Should().Equal(behind.Skip(1), $"after {after}");
            (rest[0].Id, rest[0].Name).Should().Be((behind[0].Id, behind[0].Name));
            if (rest[0] == behind[0]) continue;
            behind[0].Text.Should().EndWith(rest[0].Text, "text that was joined is sent from where the cursor stands");
            End(rest[0]).Should().Be(End(behind[0]));
        }

        static long End(SseEvent e) => e.Json.GetProperty("offset").GetInt64() + Encoding.UTF8.GetByteCount(e.Text);
    }

    [Fact]
    public async Task A_query_has_the_content_in_order()
    {
        await MixedAsync("s");

        var content = await ContentAsync("s");

        content.Should().Be("""
            [{"part":1,"kind":"step","offset":0,"state":"done","detail":{"model":"m","finishReason":"stop"}},
            {"kind":"text","offset":0,"text":"Où? Là."},
            {"part":2,"kind":"reasoning","offset":9,"text":"Let me think.","state":"done"},
            {"kind":"text","offset":9,"text":" So"},
            {"part":3,"kind":"tool-call","name":"find","callId":"c1","encoding":"json","offset":12,"value":{"q":1},"state":"done"},
            {"kind":"text","offset":12,"text":" it "},
            {"part":5,"kind":"tool-result","of":3,"offset":16,"text":"no","state":"failed","error":"It broke."},
            {"kind":"text","offset":16,"text":"is."}]
            """.ReplaceLineEndings(""));
    }

    [Theory]
    [InlineData("json", """{"a": [1, "ü"]}""", "\"value\":{\"a\": [1, \"ü\"]}")]
    [InlineData("json", """{"a": """, "\"text\":\"{\\\"a\\\": \"")]
    [InlineData("json", "1 2", "\"text\":\"1 2\"")]
    [InlineData("json", "", null)]
    [InlineData(null, """{"a": 1}""", "\"text\":\"{\\\"a\\\": 1}\"")]
    [InlineData("base64", "AAEC", "\"href\":\"/v1/streams/s/parts/1\"")]
    public async Task A_value_is_what_its_encoding_says_and_else_text(string? encoding, string text, string? member)
    {
        var stream = StoredStream.Begun(app, "s").Start(new PartStart(PartKinds.ToolCall) { Encoding = PartEncodingNames.Parse(encoding)!.Value });
        await (text.Length == 0 ? stream : stream.Text(1, text)).End(1).Done().WrittenAsync();

        var content = await ContentAsync("s");

        if (member is not null) content.Should().Contain(member + ",\"state\":\"done\"");
        else content.Should().NotContain("value").And.NotContain("text\"");
    }

    [Fact]
    public async Task JSON_that_is_very_deep_or_very_long_is_text()
    {
        var deep = new string('[', 100) + new string(']', 100);
        var stream = StoredStream.Begun(app, "s").Part(1, new PartStart("data") { Encoding = PartEncoding.Json }, deep);
        stream.Start(new PartStart("data") { Encoding = PartEncoding.Json }).Text(2, "\"");
        for (var i = 0; i < 20; i++) stream.Text(2, new string('x', 60_000));
        await stream.Text(2, "\"").End(2).Done().WrittenAsync();

        var content = JsonElement.Parse(await ContentAsync("s"));

        content[0].GetProperty("text").GetString().Should().Be(deep);
        content[1].GetProperty("text").GetString().Should().HaveLength(1_200_002);
    }

    [Fact]
    public async Task A_later_one_stands_for_data_of_the_same_name_and_key_and_for_a_preliminary_result()
    {
        await StoredStream.Begun(app, "s").Body("a")
            .Part(1, Data("weather", "k1"), "1").Body("b")
            .Part(2, Data("weather", "k2"), "2")
            .Part(3, Data("other", "k1"), "3")
            .Part(4, Data("weather", "k1"), "4")
            .Part(5, new PartStart(PartKinds.ToolCall), "{}")
            .Part(6, new PartStart(PartKinds.ToolResult) { Of = 5, Detail = """{"preliminary":true}""" }, "half")
            .Part(7, new PartStart(PartKinds.ToolResult) { Of = 5 }, "whole")
            .Done().WrittenAsync();

        var content = JsonElement.Parse(await ContentAsync("s"));

        content.EnumerateArray().Select(entry => entry.TryGetProperty("part", out var part) ? $"{part}" : entry.GetProperty("text").GetString())
            .Should().Equal("ab", "2", "3", "4", "5", "7");

        static PartStart Data(string name, string key) =>
            new(PartKinds.Data) { Name = name, Encoding = PartEncoding.Json, Detail = $$"""{"key":"{{key}}"}""" };
    }

    [Fact]
    public async Task A_mark_in_the_body_splits_it_where_it_starts_and_ends()
    {
        await StoredStream.Begun(app, "s").Body("One ")
            .Start(new PartStart(PartKinds.Text) { Detail = """{"id":"t"}""" }).Body("two ").Body("three ").End(1)
            .Body("four").Done().WrittenAsync();

        (await ContentAsync("s")).Should().Be("""
            [{"kind":"text","offset":0,"text":"One "},{"part":1,"kind":"text","offset":4,"end":14,"state":"done","detail":{"id":"t"}},
            {"kind":"text","offset":4,"text":"two three "},{"kind":"text","offset":14,"text":"four"}]
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task A_part_is_open_while_its_stream_runs_and_cut_off_where_that_ends_first()
    {
        var stream = await StoredStream.Begun(app, "s").Body("a").Start(new PartStart(PartKinds.Reasoning)).Text(1, "Hm").WrittenAsync();
        (await ContentAsync("s")).Should().Contain("\"text\":\"Hm\",\"state\":\"open\"");
        await stream.Failed().WrittenAsync();
        (await ContentAsync("s")).Should().Contain("\"text\":\"Hm\",\"state\":\"cut\"");

        (await ContentAsync("s", "&at=4")).Should().Contain("\"state\":\"open\"", "it was so then");
        (await ContentAsync("s", "&at=2")).Should().Be("""[{"kind":"text","offset":0,"text":"a"}]""");
    }

    [Fact]
    public async Task Content_has_a_tag_of_its_own_and_stands_beside_the_text_or_without_it()
    {
        await MixedAsync("s");

        using var plain = await app.Client.GetAsync("/v1/streams/s");
        using var whole = await app.Client.GetAsync("/v1/streams/s?parts=true");
        using var bare = await app.Client.GetAsync("/v1/streams/s?parts=true&text=false");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/s?parts=true") { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        using var known = await app.Client.SendAsync(again);

        new[] { plain, whole, bare }.Select(answer => answer.Headers.ETag!.Tag).Should().OnlyHaveUniqueItems();
        known.StatusCode.Should().Be(HttpStatusCode.NotModified);
        var query = JsonElement.Parse(await whole.Content.ReadAsStringAsync());
        query.GetProperty("text").GetString().Should().Be("Où? Là. So it is.");
        query.GetProperty("labels").ValueKind.Should().Be(JsonValueKind.Object);
        JsonElement.Parse(await bare.Content.ReadAsStringAsync()).TryGetProperty("text", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?parts=true")]
    [InlineData("?parts=true&text=false")]
    [InlineData("/events")]
    [InlineData("/events?parts=true")]
    [InlineData("/events?parts=true&after=15")]
    [InlineData("/parts/4")]
    [InlineData("/parts/99")]
    public async Task What_only_the_provider_can_read_leaves_in_no_form(string path)
    {
        await MixedAsync("s");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/s{path}");
        using var answer = await app.Client.SendAsync(request);
        var said = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}";

        said.Should().NotContain(Secret).And.NotContain("opaque").And.NotContain("\"part\":4").And.NotContain("anthropic");
        if (path.StartsWith("/parts")) answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_page_of_events_and_a_following_of_several_have_them_too()
    {
        await MixedAsync("s");
        using var page = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/s/events?parts=true&after=8");
        page.Headers.Accept.ParseAdd("application/json");
        using var paged = await app.Client.SendAsync(page);
        using var shared = await app.Client.PostAsync(
            "/v1/streams/-/follow?parts=true", new StringContent("""{"streams":[{"id":"s","after":8}]}""", Encoding.UTF8, "application/json"));
        using var reader = await EventStreamReader.OpenAsync(shared);

        var events = JsonElement.Parse(await paged.Content.ReadAsStringAsync()).GetProperty("events").EnumerateArray().ToList();
        var followed = await reader.ToEndAsync();

        string[] names = ["text", "part", "part-text", "text", "part-text", "part-end", "part", "part-text", "part-end", "text", "part-end", "end"];
        events.Select(e => e.GetProperty("event").GetString()).Should().Equal(names);
        events[1].GetProperty("data").GetProperty("name").GetString().Should().Be("find");
        followed.Select(e => e.Name).Should().Equal(names);
        followed[1].Data.Should().StartWith("""{"stream":"s","cursor":10,"part":3,""");
        (await paged.Content.ReadAsStringAsync() + string.Concat(followed.Select(e => e.Data))).Should().NotContain(Secret);
    }

    [Theory]
    [InlineData("/v1/streams/s?parts=yes")]
    [InlineData("/v1/streams/s/events?parts=1")]
    [InlineData("/v1/streams/s/parts/0")]
    [InlineData("/v1/streams/s/parts/x")]
    public async Task What_is_no_wish_is_refused(string path)
    {
        await MixedAsync("s");
        using var answer = await app.Client.GetAsync(path);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_raw_driver_cannot_be_sent_parts_and_is_told_before_anything_is_claimed()
    {
        var id = await app.CreateAsync();
        using var answer = await app.Client.PostAsync($"/v1/streams/{id}/drive?parts=true", null);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("text/event-stream");
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("pending");
    }

    [Fact]
    public async Task The_driver_gets_a_part_before_it_is_durable_and_hears_which_are_open()
    {
        var id = await app.CreateAsync();
        var run = app.Script.For(new(id));
        using var driver = await DriveAsync(id);
        using var reader = await EventStreamReader.OpenAsync(driver);
        var thought = await run.StartAsync(new PartStart(PartKinds.Reasoning));
        var opaque = await run.StartAsync(new PartStart(PartKinds.Opaque) { Of = 1 });
        await opaque.AppendAsync(Secret);
        await thought.AppendAsync("Hm. ");
        // Told too, not only durable: of marks that wait for the driver one behind the other it is sent the last.
        var all = new List<SseEvent>();
        while (all is not [.., { Name: "saved" } saved] || !saved.Data.EndsWith("""{"part":1,"length":4}]}""", StringComparison.Ordinal))
            all.Add(await reader.NextAsync() ?? throw new InvalidOperationException("The answer has ended."));
        await run.SayAsync("Yes. ");
        await opaque.EndAsync();
        await thought.EndAsync(new PartEnd { Detail = """{"a":1}""" });
        run.End();

        all.AddRange(await reader.ToEndAsync());
        all.Where(e => e.Name != "saved").Select(e => $"{e.Name} {e.Data}").Take(4).Should().Equal(
            """part {"part":1,"kind":"reasoning","offset":0}""",
            """part-text {"part":1,"offset":0,"text":"Hm. "}""",
            """text {"text":"Yes. "}""",
            """part-end {"part":1,"length":4,"detail":{"a":1}}""");
        all.Where(e => e.Name == "saved").Select(e => e.Data).Should().Contain(data => data.EndsWith("""{"part":1,"length":4}]}""", StringComparison.Ordinal))
            .And.OnlyContain(data => data.Contains("\"parts\":["));
        string.Concat(all.Select(e => e.Data)).Should().NotContain(Secret).And.NotContain("\"part\":2");
        all[^1].Name.Should().Be("end");
    }

    [Fact]
    public async Task A_live_follower_that_comes_within_a_part_gets_the_rest_of_it()
    {
        var stream = await StoredStream.Begun(app, "s")
            .Start(new PartStart(PartKinds.Reasoning)).Start(new PartStart(PartKinds.Opaque)).Text(1, "Hm").Text(2, Secret).WrittenAsync();
        using var live = await app.Client.GetAsync($"/v1/streams/s/events?parts=true&after={stream.Revision}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = await EventStreamReader.OpenAsync(live);

        await stream.Text(2, Secret).WrittenAsync();
        await stream.Text(1, "m.").WrittenAsync();
        (await reader.NextAsync())!.Data.Should().Be("""{"part":1,"offset":2,"text":"m."}""");
        await stream.End(2).Body("So.").WrittenAsync();
        (await reader.NextAsync())!.Data.Should().Be("""{"offset":0,"text":"So."}""");
        await stream.Start(new PartStart("source") { Of = 1 }).WrittenAsync();
        (await reader.NextAsync())!.Data.Should().Be("""{"part":3,"kind":"source","of":1,"offset":3}""");
        await stream.End(1).Done().WrittenAsync();
        (await reader.ToEndAsync()).Select(e => e.Name).Should().Equal("part-end", "end");
    }

    private async Task<StoredStream> MixedAsync(string id) => await StoredStream.Begun(app, id)
        .Start(new PartStart(PartKinds.Step) { Detail = """{"model":"m"}""" })                                  // 2
        .Body("Où? ").Body("Là.")                                                                               // 3, 4
        .Part(2, new PartStart(PartKinds.Reasoning), "Let me ", "think.")                                       // 5 … 8
        .Body(" So")                                                                                            // 9
        .Start(new PartStart(PartKinds.ToolCall) { Name = "find", CallId = "c1", Encoding = PartEncoding.Json }) // 10
        .Text(3, "{\"q\":").Body(" it ").Text(3, "1}").End(3) // 11 … 14
        .Part(4, new PartStart(PartKinds.Opaque) { Of = 2, Detail = """{"provider":"anthropic"}""" }, Secret) // 15 … 17
        .Start(new PartStart(PartKinds.ToolResult) { Of = 3 }).Text(5, "no").End(5, new PartEnd { Error = "It broke." }) // 18 … 20
        .Body("is.")                                                                                            // 21
        .End(1, new PartEnd { Detail = """{"finishReason":"stop"}""" })                                         // 22
        .Done().WrittenAsync();                                                                                 // 23

    private Task<HttpResponseMessage> DriveAsync(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?parts=true");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<List<SseEvent>> EventsAsync(string id, string more = "")
    {
        using var answer = await app.Client.GetAsync($"/v1/streams/{id}/events?parts=true{more}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = await EventStreamReader.OpenAsync(answer);
        return await reader.ToEndAsync();
    }

    private async Task<string> ContentAsync(string id, string more = "") =>
        JsonElement.Parse(await app.Client.GetStringAsync($"/v1/streams/{id}?parts=true{more}")).GetProperty("content").GetRawText();
}
