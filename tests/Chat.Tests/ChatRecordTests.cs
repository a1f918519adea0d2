using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.Chat.Tests;

/// <summary>What the sample keeps besides the answers: which user asked what, and what was asked again.</summary>
public sealed class ChatRecordTests(ChatProcess chat) : IClassFixture<ChatProcess>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Chats_are_there_after_a_crash_and_a_line_that_was_being_written_is_not()
    {
        using (var before = await chat.BrowserAsync("uma"))
        {
            await AskAsync(before, "first", "What is kept?");
            await AskAsync(before, "second", "And this?");
        }

        await chat.RestartAsync(() => File.AppendAllText(chat.Record, "{\"user\":\"uma\",\"chat\":\"third\",\"quest"));

        using var uma = await chat.BrowserAsync("uma");
        var titles = await uma.GetFromJsonAsync<JsonElement>("/chats");
        titles.EnumerateArray().Select(one => one.GetProperty("title").GetString()).Should().Equal("And this?", "What is kept?");
        await AskAsync(uma, "second", "Is the record sound?");
        (await uma.GetFromJsonAsync<JsonElement>("/chats/second")).GetArrayLength().Should().Be(2);
        File.ReadAllLines(chat.Record).Should().OnlyContain(line => line.StartsWith('{') && line.EndsWith('}'));
    }

    [Fact]
    public async Task An_answer_that_failed_says_why_and_is_asked_again_in_its_place()
    {
        using var ada = await chat.BrowserAsync("ada");
        var failed = await AskAsync(ada, "failing", "Please fail.");
        await AskAsync(ada, "failing", "What comes after it?");
        await DriveAsync(ada, failed);

        var again = await AgainAsync(ada, "failing", failed);

        again.StatusCode.Should().Be(HttpStatusCode.OK);
        var exchanges = await ada.GetFromJsonAsync<JsonElement>("/chats/failing");
        exchanges.EnumerateArray().Select(one => one.GetProperty("question").GetString()).Should().Equal("Please fail.", "What comes after it?");
        exchanges[0].GetProperty("stream").GetString().Should().NotBe(failed);
        exchanges[0].GetProperty("status").GetString().Should().Be("pending");
        (await AgainAsync(ada, "failing", failed)).StatusCode.Should().Be(HttpStatusCode.Conflict, "it has been");
    }

    [Fact]
    public async Task Why_an_answer_failed_is_told_on_opening_the_chat_too()
    {
        using var ada = await chat.BrowserAsync("ada");
        await DriveAsync(ada, await AskAsync(ada, "why", "Please fail."));

        var exchange = (await ada.GetFromJsonAsync<JsonElement>("/chats/why"))[0];

        exchange.GetProperty("status").GetString().Should().Be("error");
        exchange.GetProperty("why").GetString().Should().Be("The built-in writer was asked to fail, and did.");
        exchange.GetProperty("text").GetString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task What_is_well_or_not_ones_own_is_not_asked_again()
    {
        using var ada = await chat.BrowserAsync("ada");
        using var bob = await chat.BrowserAsync("bob");
        var well = await AskAsync(ada, "well", "How do I begin?");
        (await AgainAsync(ada, "well", well)).StatusCode.Should().Be(HttpStatusCode.Conflict, "it has no answer yet");
        await DriveAsync(ada, well);
        (await AgainAsync(ada, "well", well)).StatusCode.Should().Be(HttpStatusCode.Conflict, "it has a good one");
        var failed = await AskAsync(ada, "well", "Please fail.");
        await DriveAsync(ada, failed);
        (await AgainAsync(bob, "well", failed)).StatusCode.Should().Be(HttpStatusCode.Conflict, "it is not bob's");
    }

    [Fact]
    public async Task A_users_pages_are_told_what_was_asked_and_anothers_are_not()
    {
        using var ada = await chat.BrowserAsync("ada");
        using var bob = await chat.BrowserAsync("bob");
        using var hers = await ChangesAsync(ada);
        using var bobsChanges = await ChangesAsync(bob);

        var stream = await AskAsync(ada, "told", "Who hears of this?");
        var bobs = await AskAsync(bob, "told", "And of this?");

        (await NextAsync(hers)).GetProperty("stream").GetString().Should().Be(stream);
        (await NextAsync(bobsChanges)).GetProperty("stream").GetString().Should().Be(bobs, "what ada asked is not sent to bob");
    }

    private static async Task<string> AskAsync(HttpClient browser, string chat, string question)
    {
        using var answer = await browser.PostAsJsonAsync($"/chats/{chat}", question);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("stream").GetString()!;
    }

    private static Task<HttpResponseMessage> AgainAsync(HttpClient browser, string chat, string stream) =>
        browser.PostAsJsonAsync($"/chats/{chat}/again", stream);

    /// <summary>To its end, whatever that is.</summary>
    private static async Task DriveAsync(HttpClient browser, string stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{stream}/drive") { Headers = { { "Accept", "text/event-stream" } } };
        using var driver = await browser.SendAsync(request);
        (await driver.Content.ReadAsStringAsync()).Should().Contain("event: end");
    }

    private static async Task<StreamReader> ChangesAsync(HttpClient browser)
    {
        var changes = new StreamReader(await browser.GetStreamAsync(new Uri("/chats/changes", UriKind.Relative)), Encoding.UTF8);
        await NextAsync(changes); // ready: from here on nothing is missed
        return changes;
    }

    private static async Task<JsonElement> NextAsync(StreamReader changes)
    {
        while (await changes.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)) return JsonElement.Parse(line[5..]);
        }

        throw new EndOfStreamException("The changes ended.");
    }
}
