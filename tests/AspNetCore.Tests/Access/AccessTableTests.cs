using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Every endpoint, held against every way in which a caller may have no right to it.</summary>
public sealed class AccessTableTests(AccessTableTests.Table table) : IClassFixture<AccessTableTests.Table>
{
    private static readonly string[] Rights = ["create", "drive", "read", "cancel", "delete", "list", "admin"];

    /// <summary>Method, pattern, the right it needs; <c>none</c>: not even a key, <c>any</c>: any key.</summary>
    private static readonly (string Method, string Pattern, string Right)[] Rows =
    [
        ("POST", "/v1/streams/", "create"),
        ("GET", "/v1/streams/", "list"),
        ("HEAD", "/v1/streams/", "list"),
        ("GET", "/v1/streams/{id}", "read"),
        ("HEAD", "/v1/streams/{id}", "read"),
        ("GET", "/v1/streams/{id}/text", "read"),
        ("HEAD", "/v1/streams/{id}/text", "read"),
        ("GET", "/v1/streams/{id}/parts/{part}", "read"),
        ("HEAD", "/v1/streams/{id}/parts/{part}", "read"),
        ("GET", "/v1/streams/{id}/events", "read"),
        ("HEAD", "/v1/streams/{id}/events", "read"),
        ("POST", "/v1/streams/-/follow", "read"),
        ("POST", "/v1/streams/{id}/drive", "drive"),
        ("HEAD", "/v1/streams/{id}/drive", "drive"),
        ("POST", "/v1/streams/{id}/cancel", "cancel"),
        ("DELETE", "/v1/streams/{id}", "delete"),
        ("DELETE", "/v1/streams/", "delete"),
        ("GET", "/v1/export", "admin"),
        ("HEAD", "/v1/export", "admin"),
        ("GET", "/v1/usage", "list"),
        ("HEAD", "/v1/usage", "list"),
        ("GET", "/v1/jobs/{job}", "any"),
        ("HEAD", "/v1/jobs/{job}", "any"),
        ("POST", "/v1/streams/{id}/tokens", "any"),
        ("POST", "/v1/tokens/", "any"),
        ("GET", "/metrics", "any"),
        ("GET", "/", "none"),
        ("HEAD", "/", "none"),
        ("GET", "/index.html", "none"),
        ("HEAD", "/index.html", "none"),
        ("GET", "/streams/{id}", "none"),
        ("HEAD", "/streams/{id}", "none"),
        ("GET", "/docs", "none"),
        ("HEAD", "/docs", "none"),
        ("GET", "/docs/index.html", "none"),
        ("HEAD", "/docs/index.html", "none"),
        ("GET", "/docs/scalar.js", "none"),
        ("HEAD", "/docs/scalar.js", "none"),
        ("GET", "/openapi/{documentName}.json", "none"),
        ("HEAD", "/openapi/{documentName}.json", "none"),
    ];

    /// <summary>What names no method: health, which needs no key, and the answers to all that is not served, which need
    /// any.</summary>
    private static readonly string[] WithoutMethod =
    [
        "/health/live", "/health/ready", "/v1/streams/", "/v1/streams/{id}", "/v1/streams/{id}/text", "/v1/streams/{id}/parts/{part}", "/v1/streams/{id}/events", "/v1/streams/-/follow",
        "/v1/streams/{id}/drive", "/v1/streams/{id}/cancel", "/v1/streams/{**rest}",
    ];

    private readonly KeyedHost host = table.Host;

    public static TheoryData<string, string, string> All
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var (method, pattern, right) in Rows) data.Add(method, pattern, right);
            return data;
        }
    }

    public static TheoryData<string, string, string> Guarded
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var (method, pattern, right) in Rows.Where(row => row.Right != "none")) data.Add(method, pattern, right);
            return data;
        }
    }

    [Fact]
    public void Every_endpoint_has_a_row() =>
        host.Endpoints.Should().BeEquivalentTo([.. Rows.Select(row => (row.Method, row.Pattern)), .. WithoutMethod.Select(pattern => ("*", pattern))]);

    [Fact]
    public async Task A_stream_token_reads_no_metrics() =>
        (await host.StatusAsync("GET", "/metrics", await host.MintAsync("root", "/v1/tokens", new { label = "a:b", rights = new[] { "read" } }))).Should().Be(403);

    [Fact]
    public async Task What_is_not_served_says_so_to_any_key_and_to_none_without()
    {
        foreach (var pattern in WithoutMethod.Where(pattern => !pattern.StartsWith("/health", StringComparison.Ordinal)))
        {
            var address = Address("PATCH", pattern, "a").Replace("{**rest}", "a/b/c", StringComparison.Ordinal);
            (await host.StatusAsync("PATCH", address, null)).Should().Be(401, address);
            (await host.StatusAsync("PATCH", address, "only-list")).Should().BeOneOf([404, 405], address);
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Without_a_key_that_is_good_nothing_is_served(string method, string pattern, string right)
    {
        var id = await table.CreateAsync("root");
        var everything = string.Join(' ', Rights.Select(each => $"streams:{each}"));

        (string What, string? Credential)[] callers =
        [
            ("no key", null),
            ("a wrong key", "ess_wrong"),
            ("an empty key", ""),
            ("a key's hash", Web.ApiKey.HashOf("root")),
            ("an expired token", table.Expired),
            ("a revoked key", "gone"),
            ("a token of a revoked key", table.OfGone),
            ("a token for another audience", table.Authority.Token("elsewhere", everything, ("sub", "ann"))),
            ("alg none", Unsigned(table.Authority.Token("streams", everything, ("sub", "ann")))),
            ("a stream token, alg none", Unsigned(table.Expired)),
            ("a stream token with another's signature", table.Expired[..^4] + "AAAA"),
        ];
        foreach (var (what, credential) in callers)
        {
            using var answer = await host.SendAsync(method, Address(method, pattern, id), credential, Body(method, pattern));
            ((int)answer.StatusCode).Should().Be(401, $"{method} {pattern} with {what}, which needs {right}");
            answer.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
            answer.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json");
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_right_key_is_let_at_what_it_has_the_right_to_and_at_nothing_else(string method, string pattern, string right)
    {
        foreach (var each in Rights)
        {
            var hasSomethingToGive = !pattern.EndsWith("{id}/tokens", StringComparison.Ordinal) || each is not ("create" or "list");
            var isEnough = each == right || each == "admin" || (right == "any" && hasSomethingToGive);
            var status = await host.StatusAsync(method, Address(method, pattern, await table.CreateAsync("root", IsOfPart(pattern))), $"only-{each}", Body(method, pattern, each));
            if (isEnough) status.Should().BeLessThan(400, $"{method} {pattern} with a key that has {each}");
            else status.Should().Be(403, $"{method} {pattern} with a key that has only {each}");
        }

        if (right == "any") return;
        using var lacking = await host.SendAsync(method, Address(method, pattern, await table.CreateAsync("root")), $"all-but-{right}", Body(method, pattern));
        ((int)lacking.StatusCode).Should().Be(403, $"{method} {pattern} with all rights but {right}");
        lacking.Headers.WwwAuthenticate.ToString().Should().Contain("insufficient_scope").And.Contain($"streams:{right}");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Another_tenants_stream_is_one_that_never_was(string method, string pattern, string right)
    {
        if (!pattern.Contains("{id}", StringComparison.Ordinal)) return;
        var id = await table.CreateAsync("acme");

        foreach (var credential in new[] { "other", await host.MintAsync("other", "/v1/tokens", new { label = "a:b", rights = new[] { "read", "drive", "cancel", "delete" } }) })
        {
            if (right == "any" && credential != "other") continue;
            using var theirs = await host.SendAsync(method, Address(method, pattern, id), credential, Body(method, pattern));
            using var none = await host.SendAsync(method, Address(method, pattern, "none"), credential, Body(method, pattern));

            ((int)theirs.StatusCode).Should().Be(404, $"{method} {pattern}");
            (await theirs.Content.ReadAsStringAsync()).Should().Be((await none.Content.ReadAsStringAsync()).Replace("none", id, StringComparison.Ordinal));
        }

        (await host.StatusAsync("GET", $"/v1/streams/{id}", "acme")).Should().Be(200);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_needs_no_key_is_served_without_one(string method, string pattern, string right)
    {
        if (right != "none") return;
        (await host.StatusAsync(method, pattern.Replace("{documentName}", "v1", StringComparison.Ordinal), null)).Should().Be(200);
    }

    [Fact]
    public async Task The_description_has_a_place_for_a_key()
    {
        var document = await host.JsonAsync("GET", "/openapi/v1.json", null);

        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString().Should().Be("bearer");
        document.GetProperty("security").EnumerateArray().Select(each => string.Concat(each.ToString().Where(c => !char.IsWhiteSpace(c))))
            .Should().Equal("""{"bearer":[]}""", "{}");
        document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Should().Contain(["/v1/streams/{id}/tokens", "/v1/tokens"]);
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/docs/index.html", 200)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("PUT", "/v1/streams", 401)]
    [InlineData("GET", "/v1/streams/a/b/c", 401)]
    public async Task The_rest_is_as_it_was_or_says_nothing(string method, string path, int status) =>
        (await host.StatusAsync(method, path, null)).Should().Be(status);

    private static bool IsOfPart(string pattern) => pattern.Contains("{part}", StringComparison.Ordinal);

    private string Address(string method, string pattern, string id) => pattern.TrimEnd('/')
        .Replace("{id}", id, StringComparison.Ordinal)
        .Replace("{part}", "1", StringComparison.Ordinal)
        .Replace("{job}", table.Job, StringComparison.Ordinal) + ((method, pattern) is ("DELETE", "/v1/streams/") or (_, "/v1/export") ? "?label=a:b" : "");

    /// <param name="right">That the caller has, where it makes a token.</param>
    private static object? Body(string method, string pattern, string right = "read") => (method, pattern) switch
    {
        ("POST", "/v1/streams/") => new { source = "told" },
        ("POST", "/v1/streams/{id}/tokens") => new { rights = new[] { right is "drive" or "cancel" or "delete" ? right : "read" } },
        ("POST", "/v1/streams/-/follow") => new { streams = new[] { new { id = "none" } } },
        ("POST", "/v1/tokens/") => new { label = "a:b", rights = new[] { right is "admin" ? "read" : right } },
        _ => null,
    };

    private static string Unsigned(string token) =>
        $"{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"streams+jwt"}"""))}.{token.Split('.')[1]}.";

    public sealed class Table : IAsyncLifetime
    {
        private int made;

        internal AnAuthority Authority { get; private set; } = null!;

        internal KeyedHost Host { get; private set; } = null!;

        /// <summary>A job of streams that no tenant has.</summary>
        public string Job { get; private set; } = null!;

        /// <summary>A token of one stream, whose time is over.</summary>
        public string Expired { get; private set; } = null!;

        /// <summary>A token that a key has made which is not good any more.</summary>
        public string OfGone { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Authority = await AnAuthority.StartAsync();
            var keys = new Dictionary<string, string> { ["root"] = "admin", ["acme"] = "admin:acme", ["other"] = "admin:other", ["gone"] = "admin" };
            foreach (var right in Rights)
            {
                keys[$"only-{right}"] = right;
                keys[$"all-but-{right}"] = string.Join(',', Rights.Except([right, "admin"]));
            }

            Host = await KeyedHost.StartAsync(keys, new Dictionary<string, string?>
            {
                ["Auth:Jwt:Authority"] = Authority.Address,
                ["Auth:Jwt:Audience"] = "streams",
            });
            Job = (await Host.JsonAsync("DELETE", "/v1/streams?label=no:one", "root")).GetProperty("id").GetString()!;
            var id = await CreateAsync("root");
            Expired = await Host.MintAsync("root", $"/v1/streams/{id}/tokens", new { rights = new[] { "read", "drive", "cancel", "delete" }, seconds = 60 });
            OfGone = await Host.MintAsync("gone", "/v1/tokens", new { label = "a:b", rights = new[] { "read", "list" }, seconds = 86_400 });
            Host.Configure(("Auth:Keys:gone:Hash", new string('0', 64)));
            Host.Time.Shift(TimeSpan.FromSeconds(61));
        }

        /// <param name="withPart">Then it has ended, and has a part.</param>
        public async Task<string> CreateAsync(string key, bool withPart = false)
        {
            var id = $"s{Interlocked.Increment(ref made)}";
            await Host.JsonAsync("POST", "/v1/streams", key, new { id, source = "told" });
            if (withPart)
            {
                var driving = Host.SendAsync("POST", $"/v1/streams/{id}/drive", key, null);
                await Host.Source.For(new(id)).PartAsync(new PartStart(PartKinds.Reasoning), "Hm.");
                Host.Source.For(new(id)).End();
                using var driver = await driving;
                await driver.Content.ReadAsStringAsync();                        // to its end, which is durable then
            }

            Host.Source.For(new(id)).End();                                      // its driver has its end at once
            return id;
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Authority.DisposeAsync();
        }
    }
}
