using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.Chat.Tests;

public sealed class ChatTests(ChatProcess chat) : IClassFixture<ChatProcess>
{
    private static readonly (string Verb, string Path)[] StreamVerbs =
    [
        ("GET", ""), ("HEAD", ""), ("GET", "?at=0"), ("GET", "/text"), ("GET", "/events"), ("POST", "/drive"), ("POST", "/cancel"), ("DELETE", ""),
    ];

    [Fact]
    public async Task Who_has_not_signed_in_is_shown_the_door_and_never_a_page_in_place_of_a_stream()
    {
        using var stranger = await chat.BrowserAsync();
        using var ada = await chat.BrowserAsync("ada");
        var stream = await AskAsync(ada, "door", "Who is there?");

        using var page = await stranger.GetAsync("/");
        page.StatusCode.Should().Be(HttpStatusCode.Redirect);
        page.Headers.Location!.AbsolutePath.Should().Be("/sign-in");
        (await StatusAsync(stranger, "GET", "/sign-in")).Should().Be(HttpStatusCode.OK);
        foreach (var (verb, path) in StreamVerbs)
            (await StatusAsync(stranger, verb, $"/v1/streams/{stream}{path}")).Should().Be(HttpStatusCode.Unauthorized, $"{verb} {path}");
        foreach (var (verb, path) in new[] { ("GET", "/v1/streams"), ("POST", "/v1/streams"), ("GET", "/chats"), ("GET", "/chats/door"), ("POST", "/chats/door") })
            (await StatusAsync(stranger, verb, path)).Should().Be(HttpStatusCode.Unauthorized, $"{verb} {path}");
    }

    [Fact]
    public async Task Who_asked_has_the_answer_word_by_word_and_a_reload_has_the_same()
    {
        using var ada = await chat.BrowserAsync("ada");
        var (name, stream, pieces, text) = ("", "", 0, "");
        // A reader on a busy machine may get several words at once.
        for (var tries = 0; tries < 5 && pieces <= 20; tries++)
        {
            name = $"words-{tries}";
            stream = await AskAsync(ada, name, "How do I begin?");
            using var driver = await DriveAsync(ada, stream);
            (pieces, text) = await ReadAsync(driver);
        }

        pieces.Should().BeGreaterThan(20);
        text.Should().Contain("How do I begin?");
        (await ada.GetStringAsync($"/v1/streams/{stream}/text")).Should().Be(text);
        var reloaded = (await ada.GetFromJsonAsync<JsonElement>($"/chats/{name}"))[0];
        reloaded.GetProperty("question").GetString().Should().Be("How do I begin?");
        reloaded.GetProperty("status").GetString().Should().Be("done");
        reloaded.GetProperty("text").GetString().Should().Be(text);
    }

    [Fact]
    public async Task A_question_of_the_weather_is_thought_about_and_answered_by_the_tool()
    {
        using var ada = await chat.BrowserAsync("ada");
        var stream = await AskAsync(ada, "weather", "What is the weather in Nether Oakhaven?");

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{stream}/drive?parts=true") { Headers = { { "Accept", "text/event-stream" } } };
        using var driver = await ada.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var told = (await driver.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[5..])).ToList();

        var content = (await ada.GetFromJsonAsync<JsonElement>($"/v1/streams/{stream}?parts=true")).GetProperty("content").EnumerateArray().ToList();
        content.Select(item => item.GetProperty("kind").GetString()).Should().Equal("step", "reasoning", "tool-call", "tool-result", "step", "text");
        content[2].GetProperty("detail").GetProperty("executed").GetString().Should().Be("app");
        content[2].GetProperty("value").GetRawText().Should().Be("""{"town":"Nether Oakhaven"}""");
        var result = content[3].GetProperty("value");
        result.GetProperty("town").GetString().Should().Be("Nether Oakhaven");
        content[5].GetProperty("text").GetString().Should().StartWith($"In Nether Oakhaven it is {result.GetProperty("sky").GetString()} today");

        var number = content[3].GetProperty("part").GetInt32();
        var begun = told.FindIndex(one => IsOf(one, number) && one.TryGetProperty("kind", out _));
        var ended = told.FindIndex(one => IsOf(one, number) && one.TryGetProperty("length", out _));
        begun.Should().BePositive("the tool is seen running").And.BeLessThan(ended);

        var reloaded = (await ada.GetFromJsonAsync<JsonElement>("/chats/weather"))[0];
        reloaded.GetProperty("parts").GetInt32().Should().Be(5);
        reloaded.GetProperty("usage").GetProperty("outputTokenCount").GetInt32().Should().BeGreaterThan(20);

        static bool IsOf(JsonElement one, int number) => one.TryGetProperty("part", out var part) && part.GetInt32() == number;
    }

    [Fact]
    public async Task Another_tab_of_the_same_user_follows_to_the_end()
    {
        using var ada = await chat.BrowserAsync("ada");
        using var otherTab = await chat.BrowserAsync("ada");
        var stream = await AskAsync(ada, "tabs", "Do you see this too?");

        using var driver = await DriveAsync(ada, stream);
        var following = otherTab.GetStringAsync($"/v1/streams/{stream}/events");
        using var second = await DriveAsync(otherTab, stream);
        var (_, text) = await ReadAsync(driver);

        second.StatusCode.Should().Be(HttpStatusCode.Conflict);
        var events = (await following).Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line[5..])).ToList();
        string.Concat(events.Where(e => e.TryGetProperty("text", out _)).Select(e => e.GetProperty("text").GetString())).Should().Be(text);
        events[^1].GetProperty("status").GetString().Should().Be("done");
    }

    [Fact]
    public async Task A_stranger_sees_none_of_it_and_can_do_nothing_to_it()
    {
        using var ada = await chat.BrowserAsync("ada");
        using var bob = await chat.BrowserAsync("bob");
        var stream = await AskAsync(ada, "private", "Is this between us?");

        foreach (var (verb, path) in StreamVerbs)
            (await StatusAsync(bob, verb, $"/v1/streams/{stream}{path}")).Should().Be(HttpStatusCode.NotFound, $"{verb} {path}");
        (await bob.GetFromJsonAsync<JsonElement>("/v1/streams")).GetProperty("items").GetArrayLength().Should().Be(0);
        (await bob.GetFromJsonAsync<JsonElement>("/chats")).GetArrayLength().Should().Be(0);
        (await bob.GetFromJsonAsync<JsonElement>("/chats/private")).GetArrayLength().Should().Be(0);

        var hers = (await ada.GetFromJsonAsync<JsonElement>("/chats/private"))[0];
        hers.GetProperty("status").GetString().Should().Be("pending");
        using var driver = await DriveAsync(ada, stream);
        (await ReadAsync(driver)).Text.Should().Contain("between us");
    }

    [Fact]
    public async Task Stop_cuts_the_driver_and_keeps_what_was_said()
    {
        using var ada = await chat.BrowserAsync("ada");
        for (var tries = 0; tries < 5; tries++)
            if (await IsStoppedAsync(ada, $"stop-{tries}")) return; // else it was all said before the word to stop came
        throw new InvalidOperationException("It was never stopped in time.");
    }

    private static async Task<bool> IsStoppedAsync(HttpClient ada, string name)
    {
        var stream = await AskAsync(ada, name, "Tell me everything.");
        using var driver = await DriveAsync(ada, stream);
        using var body = await driver.Content.ReadAsStreamAsync();
        var first = new byte[10];
        await body.ReadExactlyAsync(first);

        using var stopped = await ada.PostAsync($"/v1/streams/{stream}/cancel", null);

        var status = (await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
        if (status == "done") return false;
        status.Should().Be("cancelled");
        await body.Invoking(rest => rest.CopyToAsync(Stream.Null)).Should().ThrowAsync<IOException>("a cut answer must not look whole");
        (await ada.GetStringAsync($"/v1/streams/{stream}/text")).Should().StartWith(Encoding.UTF8.GetString(first));
        return true;
    }

    [Fact]
    public async Task Streams_are_made_by_the_app_and_not_by_a_browser()
    {
        using var ada = await chat.BrowserAsync("ada");

        using var answer = await ada.PostAsJsonAsync("/v1/streams", new { source = "answer", input = "anything" });

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static async Task<string> AskAsync(HttpClient browser, string chat, string question)
    {
        using var answer = await browser.PostAsJsonAsync($"/chats/{chat}", question);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("stream").GetString()!;
    }

    private static Task<HttpResponseMessage> DriveAsync(HttpClient browser, string stream) => browser.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{stream}/drive"), HttpCompletionOption.ResponseHeadersRead);

    private static async Task<(int Pieces, string Text)> ReadAsync(HttpResponseMessage driver)
    {
        using var body = await driver.Content.ReadAsStreamAsync();
        using var whole = new MemoryStream();
        var (buffer, pieces) = (new byte[4096], 0);
        for (int read; (read = await body.ReadAsync(buffer)) > 0; pieces++) whole.Write(buffer, 0, read);
        return (pieces, Encoding.UTF8.GetString(whole.ToArray()));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string verb, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        using var answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }
}
