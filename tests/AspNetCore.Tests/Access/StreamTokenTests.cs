using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Tokens that a browser may have.</summary>
public sealed class StreamTokenTests : IAsyncLifetime
{
    private KeyedHost host = null!;

    public async Task InitializeAsync() => host = await KeyedHost.StartAsync(
        new Dictionary<string, string> { ["web"] = "create,drive,read,cancel,list", ["acme"] = "create,drive,read,list:acme" });

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_token_of_one_stream_is_good_for_what_it_says_there_and_nowhere_else()
    {
        await CreateAsync("web", "a");
        await CreateAsync("web", "b");
        var token = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "read" } });

        (await host.StatusAsync("GET", "/v1/streams/a", token)).Should().Be(200);
        (await host.StatusAsync("GET", $"/v1/streams/a/text?token={token}", null)).Should().Be(200, "EventSource sends no header");
        (await host.StatusAsync("GET", $"/v1/streams/a?%74oken={token}&text=false", null)).Should().Be(200);
        (await host.StatusAsync("GET", "/v1/streams/b", token)).Should().Be(404);
        (await host.StatusAsync("GET", "/v1/streams/none", token)).Should().Be(404);
        (await host.StatusAsync("POST", "/v1/streams/a/drive", token)).Should().Be(403);
        (await host.StatusAsync("POST", $"/v1/streams/a/cancel?token={token}", null)).Should().Be(401, "an address is for what only reads");
        (await host.StatusAsync("GET", "/v1/streams", token)).Should().Be(403);
        (await host.StatusAsync("POST", "/v1/streams", token)).Should().Be(403);
        (await host.StatusAsync("POST", "/v1/streams/a/tokens", token, new { rights = new[] { "read" } })).Should().Be(403, "a token makes none");
    }

    [Fact]
    public async Task A_token_has_at_most_its_makers_rights()
    {
        await CreateAsync("web", "a");

        (await host.StatusAsync("POST", "/v1/streams/a/tokens", "web", new { rights = new[] { "delete" } })).Should().Be(403);
        (await host.StatusAsync("POST", "/v1/streams/a/tokens", "web", new { rights = new[] { "list" } })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams/a/tokens", "web", new { rights = Array.Empty<string>() })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams/a/tokens", "web", new { rights = new[] { "read" }, seconds = 0 })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams/none/tokens", "web", new { rights = new[] { "read" } })).Should().Be(404);
        (await host.StatusAsync("POST", "/v1/tokens", "web", new { rights = new[] { "read" } })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/tokens", "acme", new { rights = new[] { "read" }, label = "tenant:other" })).Should().Be(400);
    }

    [Theory]
    [InlineData("/v1/tokens")]
    [InlineData("/v1/streams/a/tokens")]
    public async Task Making_one_counts_as_a_request_under_way_and_is_refused_by_problems(string path)
    {
        await using var small = await KeyedHost.StartAsync(
            new Dictionary<string, string> { ["web"] = "create,read" }, new Dictionary<string, string?> { ["Streams:MaxRequests"] = "1" });
        await small.JsonAsync("POST", "/v1/streams", "web", new { id = "a", source = "told" });
        var underWay = small.Services.GetRequiredService<EngineAccess>().UnderWay;
        await Eventually.UntilAsync("the stream is there", () => underWay.Count == 0);
        using var wrong = await small.SendAsync("POST", path, "web", new { rights = "all" });
        await Eventually.UntilAsync("the wrong one is answered", () => underWay.Count == 0);
        using var follower = await LiveAnswer.OfAsync(small.SendAsync("GET", "/v1/streams/a/events", "web"));

        using var busy = await small.SendAsync("POST", path, "web", new { rights = new[] { "read" } });

        (await ProblemAsync(wrong)).Should().Be((400, "/problems/invalid-request"));
        (await ProblemAsync(busy)).Should().Be((503, "/problems/busy"));
    }

    [Fact]
    public async Task A_token_of_a_label_creates_lists_and_reads_within_it()
    {
        await CreateAsync("acme", "theirs");
        var ann = await host.MintAsync("acme", "/v1/tokens", new { label = "user:ann", rights = new[] { "create", "list", "read" }, sub = "ann" });
        var bob = await host.MintAsync("acme", "/v1/tokens", new { label = "user:bob", rights = new[] { "create", "list", "read" } });

        var made = await host.JsonAsync("POST", "/v1/streams", ann, new { id = "hers", source = "told" });

        made.GetProperty("labels").GetProperty("user").GetString().Should().Be("ann");
        made.GetProperty("labels").GetProperty("tenant").GetString().Should().Be("acme");
        (await host.StatusAsync("GET", "/v1/streams/hers", bob)).Should().Be(404);
        (await host.StatusAsync("GET", "/v1/streams/theirs", ann)).Should().Be(404);
        (await host.StatusAsync("POST", "/v1/streams", bob, new { source = "told", labels = new { user = "ann" } })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams", bob, new { source = "told", labels = new { tenant = "other" } })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams", bob, new { id = "hers", source = "told" })).Should().Be(409);
        await Eventually.UntilAsync("both are listed", async () => (await IdsAsync("acme")).Length == 2);
        (await IdsAsync(ann)).Should().Equal("hers");
        (await IdsAsync(bob)).Should().BeEmpty();
        var created = await host.Services.GetRequiredService<EngineAccess>().Current.Log.ReadOneAsync(new("hers"), Revision.From(0), ReadFrom.Leader, default);
        created!.Context.Actor.Should().Be("acme/ann");
    }

    [Fact]
    public async Task An_answer_that_goes_on_is_cut_when_its_token_expires()
    {
        await CreateAsync("web", "a");
        var token = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "read" }, seconds = 60 });
        using var byHeader = await LiveAnswer.OfAsync(host.SendAsync("GET", "/v1/streams/a/events", token));
        using var byAddress = await LiveAnswer.OfAsync(host.SendAsync("GET", $"/v1/streams/a/events?token={token}", null));
        using var byKey = await LiveAnswer.OfAsync(host.SendAsync("GET", "/v1/streams/a/events", "web"));

        host.Time.Shift(TimeSpan.FromSeconds(61));
        await Task.WhenAll(byHeader.Over, byAddress.Over).WaitAsync(Eventually.Limit);

        byKey.Over.IsCompleted.Should().BeFalse();
        (await host.StatusAsync("GET", "/v1/streams/a/events", token)).Should().Be(401);
    }

    [Fact]
    public async Task An_answer_that_goes_on_is_cut_when_its_key_changes_and_the_stream_goes_on()
    {
        await CreateAsync("web", "a");
        var token = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "drive" } });
        using var driver = await LiveAnswer.OfAsync(host.SendAsync("POST", "/v1/streams/a/drive", token));
        using var observer = await LiveAnswer.OfAsync(host.SendAsync("GET", "/v1/streams/a/events", "web"));
        await host.Source.For(new("a")).SayAsync("Said. ");
        await observer.HasAsync("Said. ");

        host.Configure(("Auth:Keys:web:Hash", Web.ApiKey.HashOf("new")));
        await Task.WhenAll(driver.Over, observer.Over).WaitAsync(Eventually.Limit);

        driver.IsCut.Should().BeTrue();
        (await host.StatusAsync("GET", "/v1/streams/a", "web")).Should().Be(401);
        (await host.JsonAsync("GET", "/v1/streams/a", "new")).GetProperty("status").GetString().Should().Be("streaming");
    }

    [Fact]
    public async Task A_token_outlives_its_signing_key_only_while_that_is_still_named()
    {
        await CreateAsync("web", "a");
        var token = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "read" } });

        host.Configure(("Auth:TokenKeys:0", new string('n', 40)), ("Auth:TokenKeys:1", KeyedHost.TokenKey));
        (await host.StatusAsync("GET", "/v1/streams/a", token)).Should().Be(200);
        var next = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "read" } });
        host.Configure(("Auth:TokenKeys:1", ""));

        (await host.StatusAsync("GET", "/v1/streams/a", token)).Should().Be(401);
        (await host.StatusAsync("GET", "/v1/streams/a", next)).Should().Be(200);
    }

    private Task<JsonElement> CreateAsync(string key, string id) => host.JsonAsync("POST", "/v1/streams", key, new { id, source = "told" });

    private async Task<string?[]> IdsAsync(string credential) =>
        [.. (await host.JsonAsync("GET", "/v1/streams", credential)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];

    private static async Task<(int Status, string? Type)> ProblemAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("type").GetString());
    }
}
