using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class OwnedTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Endpoints = endpoints => endpoints.OwnedBy(http => http.Request.Headers["X-User"]),
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    public static TheoryData<string, string> Verbs => new()
    {
        { "GET", "" }, { "HEAD", "" }, { "GET", "?at=0" }, { "GET", "?text=false" }, { "GET", "/text" }, { "HEAD", "/text" },
        { "GET", "/events" }, { "GET", "/events?after=0" }, { "GET", "/events?after=99" },
        { "POST", "/drive" }, { "POST", "/cancel" }, { "DELETE", "" }, { "PUT", "" }, { "GET", "/drive" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_strangers_stream_looks_like_one_that_never_was(string verb, string path)
    {
        await CreateAsync("ada", "hers");

        var hers = await AnswerAsync("bob", verb, $"/v1/streams/hers{path}");
        var none = await AnswerAsync("bob", verb, $"/v1/streams/none{path}");

        hers.Should().Be(none.Replace("none", "hers", StringComparison.Ordinal));
        hers.Should().StartWith("404");
        (await StatusAsync("ada", "hers")).Should().Be("pending");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Nobody_is_asked_to_sign_in_whatever_is_there(string verb, string path)
    {
        await CreateAsync("ada", "hers");

        (await AnswerAsync("", verb, $"/v1/streams/hers{path}")).Should().StartWith("401");
        (await AnswerAsync("", verb, $"/v1/streams/none{path}")).Should().StartWith("401");
        (await AnswerAsync("", "GET", "/v1/streams")).Should().StartWith("401");
        (await AnswerAsync("", "POST", "/v1/streams")).Should().StartWith("401");
    }

    [Fact]
    public async Task An_owner_creates_drives_follows_reads_and_removes()
    {
        await CreateAsync("ada", "hers");
        var run = app.Script.For(new("hers"));
        using var driver = await SendAsync("ada", HttpMethod.Post, "/v1/streams/hers/drive", HttpCompletionOption.ResponseHeadersRead);
        await run.SayAsync("All hers.");
        run.End();

        (await driver.Content.ReadAsStringAsync()).Should().Be("All hers.");
        (await AnswerAsync("ada", "GET", "/v1/streams/hers/text")).Should().Be("200 All hers.");
        (await AnswerAsync("ada", "GET", "/v1/streams/hers/events")).Should().Contain("All hers.").And.Contain("event: end");
        (await AnswerAsync("ada", "POST", "/v1/streams/hers/cancel")).Should().StartWith("200").And.Contain("done");
        (await AnswerAsync("ada", "DELETE", "/v1/streams/hers")).Should().StartWith("204");
    }

    [Fact]
    public async Task A_deleted_stream_is_nobodys_and_so_unknown()
    {
        await CreateAsync("ada", "hers");

        await AnswerAsync("ada", "DELETE", "/v1/streams/hers");

        foreach (var user in new[] { "ada", "bob" })
        {
            (await AnswerAsync(user, "GET", "/v1/streams/hers")).Should().StartWith("404");
            (await AnswerAsync(user, "GET", "/v1/streams/hers/events")).Should().StartWith("404");
            (await AnswerAsync(user, "DELETE", "/v1/streams/hers")).Should().StartWith("404");
        }
    }

    [Fact]
    public async Task The_owner_is_a_label_that_the_client_cannot_choose()
    {
        using var mine = await CreateAsync("ada", "a", new { user = "ada", chat = "1" });
        using var claimed = await CreateAsync("bob", "b", new { user = "ada" });

        var labels = (await mine.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("labels");
        labels.GetProperty("user").GetString().Should().Be("ada");
        labels.GetProperty("chat").GetString().Should().Be("1");
        claimed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await claimed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be("labels.user");
        (await AnswerAsync("ada", "GET", "/v1/streams/b")).Should().StartWith("404");
    }

    [Fact]
    public async Task An_id_that_another_has_is_in_use_and_nothing_of_it_is_shown()
    {
        await CreateAsync("ada", "wanted");

        using var again = await CreateAsync("ada", "wanted");
        using var other = await CreateAsync("bob", "wanted");

        again.StatusCode.Should().Be(HttpStatusCode.OK);
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await other.Content.ReadAsStringAsync()).Should().NotContain("ada");
    }

    [Fact]
    public async Task A_list_shows_ones_own_alone_by_page_and_by_label()
    {
        for (var i = 0; i < 5; i++)
        {
            await CreateAsync("ada", $"a{i}", new { even = i % 2 == 0 ? "yes" : "no" });
            await CreateAsync("bob", $"b{i}", new { even = "yes" });
        }

        await TestKit.Eventually.UntilAsync(
            "all are listed", async () => (await ListAsync("ada")).Count == 5 && (await ListAsync("bob")).Count == 5);

        (await ListAsync("ada", "limit=2")).Should().Equal("a4", "a3", "a2", "a1", "a0");
        (await ListAsync("ada", "limit=2&label=even:yes")).Should().Equal("a4", "a2", "a0");
        (await ListAsync("ada", "limit=2&label=user:bob")).Should().BeEmpty();
        (await ListAsync("bob", "status=pending&label=even:yes")).Should().HaveCount(5);
        (await ListAsync("cyd")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("ada", true)]
    [InlineData("bob", false)]
    public async Task While_the_log_is_away_everybody_waits_and_then_only_the_owner_is_told(string user, bool isTold)
    {
        await CreateAsync("ada", "hers");
        SseEvent? first = null;
        // It waits for two seconds, and a busy machine may be later.
        for (var tries = 0; tries < 10 && first is null && (isTold || tries == 0); tries++)
        {
            await app.Access.ClearAsync();
            using var response = await SendAsync(user, HttpMethod.Get, "/v1/streams/hers/events", HttpCompletionOption.ResponseHeadersRead);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            using var reader = await EventStreamReader.OpenAsync(response);
            app.Access.Set(app.Engine);
            first = await reader.NextAsync();
        }

        (first is not null).Should().Be(isTold);
    }

    private Task<HttpResponseMessage> CreateAsync(string user, string id, object? labels = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams") { Content = JsonContent.Create(new { id, labels }) };
        request.Headers.Add("X-User", user);
        return app.Client.SendAsync(request);
    }

    private Task<HttpResponseMessage> SendAsync(string user, HttpMethod verb, string path, HttpCompletionOption until)
    {
        var request = new HttpRequestMessage(verb, path);
        request.Headers.Add("X-User", user);
        return app.Client.SendAsync(request, until);
    }

    private async Task<string> AnswerAsync(string user, string verb, string path)
    {
        using var response = await SendAsync(user, new HttpMethod(verb), path, HttpCompletionOption.ResponseContentRead);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    private async Task<string> StatusAsync(string user, string id) =>
        JsonElement.Parse((await AnswerAsync(user, "GET", $"/v1/streams/{id}"))[4..]).GetProperty("status").GetString()!;

    private async Task<List<string>> ListAsync(string user, string query = "")
    {
        var ids = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = JsonElement.Parse((await AnswerAsync(user, "GET", $"/v1/streams?{query}&cursor={cursor}"))[4..]);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            if (!page.TryGetProperty("nextCursor", out var next)) return ids;
            cursor = next.GetString()!;
        }
    }
}
