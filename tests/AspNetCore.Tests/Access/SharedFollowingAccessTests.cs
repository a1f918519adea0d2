using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Which caller may follow which of several streams in one answer.</summary>
public sealed class SharedFollowingAccessTests
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["web"] = "create,read,drive,cancel",
        ["acme"] = "create,read:acme",
        ["lister"] = "list",
    };

    [Fact]
    public async Task Each_stream_is_read_by_its_own_token_and_the_others_by_what_the_request_has()
    {
        await using var host = await StartAsync();
        var (a, b) = (await TokenAsync(host, "a"), await TokenAsync(host, "b"));
        await CreateAsync(host, "acme", "theirs");

        var told = await ToldAsync(host, "web", new { id = "a" }, new { id = "b", token = b }, new { id = "theirs", token = a }, new { id = "c", token = a }, new { id = "d", token = "wrong" });

        told.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["a"] = "status",
            ["b"] = "status",
            ["theirs"] = "404",
            ["c"] = "404",
            ["d"] = "401",
        });
    }

    [Fact]
    public async Task With_tokens_the_request_itself_needs_no_key_and_no_right_but_none_that_is_wrong()
    {
        await using var host = await StartAsync();
        var a = await TokenAsync(host, "a");
        await CreateAsync(host, "web", "b");

        (await ToldAsync(host, null, new { id = "a", token = a }, new { id = "b" })).Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "status", ["b"] = "401" });
        (await ToldAsync(host, "lister", new { id = "a", token = a }, new { id = "b" })).Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "status", ["b"] = "403" });
        (await StatusAsync(host, "ess_wrong", new { id = "a", token = a })).Should().Be(401);
        (await StatusAsync(host, null, new { id = "a" })).Should().Be(401);
        (await StatusAsync(host, "lister", new { id = "a" })).Should().Be(403);
    }

    [Fact]
    public async Task A_token_that_expires_ends_its_own_stream_and_says_why()
    {
        await using var host = await StartAsync();
        var (brief, lasting) = (await TokenAsync(host, "brief", seconds: 60), await TokenAsync(host, "lasting", seconds: 3600));
        using var answer = await SendAsync(host, null, new { id = "brief", token = brief }, new { id = "lasting", token = lasting });
        using var events = await EventStreamReader.OpenAsync(answer);
        await events.NextAsync();
        await events.NextAsync();

        host.Time.Shift(TimeSpan.FromSeconds(61));
        var told = (await events.NextAsync())!;
        await host.StatusAsync("POST", "/v1/streams/lasting/cancel", "web");

        (told.Name, told.Json.GetProperty("stream").GetString()).Should().Be(("error", "brief"));
        told.Json.GetProperty("problem").GetProperty("type").GetString().Should().Be("/problems/unauthenticated");
        (await events.NextAsync())!.Status.Should().Be("cancelled");
        (await events.NextAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_token_that_expires_while_the_client_is_behind_ends_its_own_stream_alone()
    {
        var waiting = new WaitingAnswers();
        await using var host = await StartAsync(waiting);
        var (brief, lasting) = (await TokenAsync(host, "brief", seconds: 60), await TokenAsync(host, "lasting", seconds: 3600));
        await SayMuchAsync(host, "brief");
        using var slow = SlowClient.For(host.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/-/follow")
        {
            Content = JsonContent.Create(new { streams = new[] { new { id = "brief", token = brief }, new { id = "lasting", token = lasting } } }),
        };
        using var lookout = await EventStreamReader.OpenAsync(await SendAsync(host, null, new { id = "brief", after = 1, token = brief }));
        while ((await lookout.NextAsync())!.Text[^1] != '.') { }
        using var answer = await slow.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Eventually.UntilAsync("the answer waits for its client", () => waiting.Count == 1);

        host.Time.Shift(TimeSpan.FromSeconds(61));
        (await lookout.NextAsync())!.Name.Should().Be("error", "the token is good no longer");
        using var events = await EventStreamReader.OpenAsync(answer);
        SseEvent? told;
        do told = await events.NextAsync();
        while (told is { Name: not "error" });
        await host.StatusAsync("POST", "/v1/streams/lasting/cancel", "web");
        var rest = await events.ToEndAsync();

        told!.Json.GetProperty("stream").GetString().Should().Be("brief");
        told.Json.GetProperty("problem").GetProperty("type").GetString().Should().Be("/problems/unauthenticated");
        rest.Should().OnlyContain(e => e.Json.GetProperty("stream").GetString() == "lasting");
        rest[^1].Status.Should().Be("cancelled");
    }

    [Fact]
    public async Task A_key_that_is_revoked_ends_what_its_tokens_follow()
    {
        await using var host = await StartAsync();
        var token = await TokenAsync(host, "a");
        using var answer = await SendAsync(host, "acme", new { id = "a", token });
        using var events = await EventStreamReader.OpenAsync(answer);
        await events.NextAsync();

        host.Configure(("Auth:Keys:web:Rights", "list"));

        (await events.NextAsync())!.Json.GetProperty("problem").GetProperty("status").GetInt32().Should().Be(401);
        (await events.NextAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Followers_count_each_stream_alone_or_among_several()
    {
        await using var host = await StartAsync(("Limits:Followers:Key", "3"));
        foreach (var id in new[] { "a", "b", "c" }) await CreateAsync(host, "web", id);
        var ofB = await host.MintAsync("web", "/v1/streams/b/tokens", new { rights = new[] { "read" } });
        using var one = await LiveAnswer.OfAsync(host.SendAsync("GET", "/v1/streams/a/events", "web"));

        var told = await ToldAsync(host, "web", new { id = "a" }, new { id = "b", token = ofB }, new { id = "c" });

        told.Values.Count(each => each == "status").Should().Be(2, "one follows alone, and a token's followers are its key's");
        told.Values.Count(each => each == "429").Should().Be(1);
        await Eventually.UntilAsync("those that left have made room", async () =>
            (await ToldAsync(host, "web", new { id = "a" }, new { id = "b" })).Values.All(each => each == "status"));
    }

    [Fact]
    public async Task Each_stream_stands_in_the_record_of_access()
    {
        IReadOnlyList<ServiceEvent.AccessRecorded> recorded;
        await using (var host = await StartAsync(("Auth:AccessLog", "true")))
        {
            var a = await TokenAsync(host, "a");
            await CreateAsync(host, "acme", "theirs");
            await ToldAsync(host, "web", new { id = "a", token = a }, new { id = "theirs", token = a }, new { id = "b", token = "wrong" });
            await StatusAsync(host, null, new { id = "a" });
            recorded = await host.RecordAsync();
        }

        recorded.Where(e => e.What != "mint").Select(e => (e.Who.Split('/')[0], e.What, e.Stream?.Value, e.Refused)).Should().BeEquivalentTo([
            ("web", "events", "a", (string?)null),
            ("web", "events", "theirs", "unknown-stream"),
            ("anonymous", "events", "b", "unauthenticated"),
            ("anonymous", "follow", null, "unauthenticated")]);
    }

    [Fact]
    public async Task On_an_open_server_tokens_are_not_looked_at()
    {
        await using var host = await KeyedHost.StartAsync(new Dictionary<string, string>(), new Dictionary<string, string?> { ["Auth:Mode"] = "none" });
        await CreateAsync(host, null, "a");

        (await ToldAsync(host, null, new { id = "a", token = "any" }, new { id = "b" })).Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "status", ["b"] = "404" });
    }

    private static Task<KeyedHost> StartAsync(params (string Key, string Value)[] settings) =>
        KeyedHost.StartAsync(Keys, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));

    private static Task<KeyedHost> StartAsync(WaitingAnswers waiting) => KeyedHost.StartAsync(Keys, waiting: waiting);

    /// <summary>More than the system takes for a client, in a stream that goes on; the last of it is a full
    /// stop.</summary>
    private static async Task SayMuchAsync(KeyedHost host, string id)
    {
        // Its driver leaves: nothing is to be too slow for it.
        using (await host.SendAsync("POST", $"/v1/streams/{id}/drive", "web")) { }
        for (var i = 0; i < 32; i++) await host.Source.For(new(id)).SayAsync(new string('x', 65_535) + "\n");
        await host.Source.For(new(id)).SayAsync("That is all.");
    }

    private static Task<JsonElement> CreateAsync(KeyedHost host, string? key, string id) => host.JsonAsync("POST", "/v1/streams", key, new { id, source = "told" });

    private static async Task<string> TokenAsync(KeyedHost host, string id, int seconds = 900)
    {
        await CreateAsync(host, "web", id);
        return await host.MintAsync("web", $"/v1/streams/{id}/tokens", new { rights = new[] { "read" }, seconds, sub = "ann" });
    }

    private static Task<HttpResponseMessage> SendAsync(KeyedHost host, string? credential, params object[] streams) =>
        host.SendAsync("POST", "/v1/streams/-/follow", credential, new { streams });

    private static async Task<int> StatusAsync(KeyedHost host, string? credential, params object[] streams)
    {
        using var answer = await SendAsync(host, credential, streams);
        if ((int)answer.StatusCode >= 400) answer.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
        return (int)answer.StatusCode;
    }

    /// <summary>What first comes of each stream: an event's name, or a problem's status.</summary>
    private static async Task<Dictionary<string, string>> ToldAsync(KeyedHost host, string? credential, params object[] streams)
    {
        using var answer = await SendAsync(host, credential, streams);
        ((int)answer.StatusCode).Should().Be(200);
        using var events = await EventStreamReader.OpenAsync(answer);
        var told = new Dictionary<string, string>();
        while (told.Count < streams.Length && await events.NextAsync() is { } next)
            told.TryAdd(
                next.Json.GetProperty("stream").GetString()!,
                next.Name == "error" ? next.Json.GetProperty("problem").GetProperty("status").GetRawText() : next.Name!);
        return told;
    }
}
