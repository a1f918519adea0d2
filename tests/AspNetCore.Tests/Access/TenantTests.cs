using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Keys and JSON Web Tokens of tenants, and whose streams there are for them.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private AnAuthority authority = null!;
    private KeyedHost host = null!;

    public async Task InitializeAsync()
    {
        authority = await AnAuthority.StartAsync();
        host = await KeyedHost.StartAsync(
            new Dictionary<string, string> { ["root"] = "admin", ["acme"] = "create,read,list:acme", ["beta"] = "create,read,list:beta", ["plain"] = "create,read,list", ["writer"] = "create" },
            new Dictionary<string, string?>
            {
                ["Auth:Jwt:Authority"] = authority.Address,
                ["Auth:Jwt:Audience"] = "streams",
                ["Auth:Jwt:OwnerClaim"] = "email",
                ["Auth:Jwt:TenantClaim"] = "org",
            });
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await authority.DisposeAsync();
    }

    [Fact]
    public async Task A_tenants_streams_have_its_label_which_no_other_key_can_give()
    {
        var made = await CreateAsync("acme", new { id = "a" });
        made.GetProperty("labels").GetProperty("tenant").GetString().Should().Be("acme");

        (await host.StatusAsync("POST", "/v1/streams", "beta", new { labels = new { tenant = "acme" }, source = "told" })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams", "plain", new { labels = new { tenant = "acme" }, source = "told" })).Should().Be(400);
        (await host.StatusAsync("POST", "/v1/streams", "root", new { labels = new { tenant = "acme" }, source = "told", id = "of-root" })).Should().Be(201);
        (await host.StatusAsync("POST", "/v1/streams", "acme", new { labels = new { tenant = "acme" }, source = "told" })).Should().Be(201);
    }

    [Fact]
    public async Task An_id_of_another_tenants_is_in_use_and_nothing_of_it_is_shown()
    {
        await CreateAsync("acme", new { id = "a", labels = new { secret = "word" } });

        using var answer = await host.SendAsync("POST", "/v1/streams", "beta", new { id = "a", source = "told" });

        ((int)answer.StatusCode).Should().Be(409);
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("word").And.NotContain("acme");
        (await host.StatusAsync("GET", "/v1/streams/a", "beta")).Should().Be(404);
    }

    [Fact]
    public async Task Lists_show_a_tenants_own_and_a_key_without_one_sees_all()
    {
        await CreateAsync("acme", new { id = "a", labels = new { x = "1" } });
        await CreateAsync("beta", new { id = "b", labels = new { x = "1" } });
        await CreateAsync("plain", new { id = "p", labels = new { x = "1" } });
        await Eventually.UntilAsync("all are listed", async () => (await IdsAsync("root", "")).Length == 3);

        (await IdsAsync("acme", "")).Should().Equal("a");
        (await IdsAsync("beta", "?label=x:1")).Should().Equal("b");
        (await IdsAsync("acme", "?label=tenant:beta")).Should().BeEmpty();
        (await IdsAsync("plain", "?label=x:1")).Should().Equal("p", "b", "a");
    }

    [Fact]
    public async Task A_key_that_may_create_and_not_read_is_shown_no_text_when_it_repeats_itself()
    {
        await host.JsonAsync("POST", "/v1/streams", "writer", new { id = "w", source = "told" });
        using var driver = await host.SendAsync("POST", "/v1/streams/w/drive", "root");
        await host.Source.For(new("w")).SayAsync("Told.");
        host.Source.For(new("w")).End();
        (await driver.Content.ReadAsStringAsync()).Should().Be("Told.");

        (await host.JsonAsync("POST", "/v1/streams", "writer", new { id = "w", source = "told" })).TryGetProperty("text", out _).Should().BeFalse();
        (await host.JsonAsync("POST", "/v1/streams", "root", new { id = "w", source = "told" })).GetProperty("text").GetString().Should().Be("Told.");
    }

    [Fact]
    public async Task The_holder_of_a_token_of_an_authority_has_the_rights_of_its_scopes_on_its_own_streams()
    {
        var ann = authority.Token("streams", "openid streams:create streams:read streams:list", ("email", "ann@acme.example"), ("org", "acme"));
        var bob = authority.Token("streams", "streams:create streams:read streams:list", ("email", "bob@acme.example"), ("org", "acme"));

        var made = await CreateAsync(ann, new { id = "hers" });

        made.GetProperty("labels").GetProperty("user").GetString().Should().Be("ann@acme.example");
        made.GetProperty("labels").GetProperty("tenant").GetString().Should().Be("acme");
        (await host.StatusAsync("GET", "/v1/streams/hers", ann)).Should().Be(200);
        (await host.StatusAsync("GET", "/v1/streams/hers", "acme")).Should().Be(200);
        (await host.StatusAsync("GET", "/v1/streams/hers", "beta")).Should().Be(404);
        (await host.StatusAsync("GET", "/v1/streams/hers", bob)).Should().Be(404);
        (await host.StatusAsync("DELETE", "/v1/streams/hers", ann)).Should().Be(403);
        var minted = await host.JsonAsync("POST", "/v1/streams/hers/tokens", ann, new { rights = new[] { "read" }, seconds = 86_400 });
        (await host.StatusAsync("GET", "/v1/streams/hers", minted.GetProperty("token").GetString())).Should().Be(200);
        minted.GetProperty("expiresAt").GetDateTimeOffset().Should().BeBefore(DateTimeOffset.UtcNow.AddHours(2), "ann's own token lasts an hour");
    }

    [Theory]
    [InlineData("email", "ann@acme.example")]
    [InlineData("org", "acme")]
    public async Task A_token_that_does_not_say_whose_streams_there_are_for_it_is_not_good(string claim, string value) =>
        (await host.StatusAsync("GET", "/v1/streams", authority.Token("streams", "streams:list", (claim, value)))).Should().Be(401);

    private Task<JsonElement> CreateAsync(string key, object fields)
    {
        var body = JsonSerializer.SerializeToNode(fields)!.AsObject();
        body["source"] = "told";
        return host.JsonAsync("POST", "/v1/streams", key, body);
    }

    private async Task<string?[]> IdsAsync(string credential, string query) =>
        [.. (await host.JsonAsync("GET", "/v1/streams" + query, credential)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];
}
