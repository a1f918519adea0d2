using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace EventSourcedStreams.AspNetCore.Tests.Origins;

/// <summary>What a page of another origin can make a browser send, and what it does here: nothing.</summary>
public sealed class ForeignPageTests : IAsyncLifetime
{
    private const string Friend = "https://app.example.com";
    private const string Partner = "https://partner.example.com";

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Http = new() { DefaultSource = "script", Origins = [Friend] },
        Below = below => below.AllowOrigin = (http, origin) => origin == Partner && http.Request.Headers.ContainsKey("X-Tenant"),
        Before = web => web.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All }),
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    public static TheoryData<string?, string?> Foreign() => new()
    {
        { "http://evil.test", null },
        { "http://evil.test", "cross-site" },
        { "http://evil.test", "same-origin" },
        { "http://evil.test", "none" },
        { "null", null },
        { "null", "cross-site" },
        { "", null },
        { "http://{own}.evil.test", null },
        { "https://{own}", null }, // the same name over another scheme is another origin
        { "http://{own}", "cross-site" },
        { "http://{own}/", null },
        { "http://user@{own}", null },
        { "http://127.0.0.1:1", "same-site" },
        { Friend + ".evil.test", null },
        { "http://app.example.com", null },
        { Friend + ":444", null },
        { Partner, null }, // allowed for some requests, not for this one
        { null, "cross-site" },
        { null, "same-site" },
        { null, "CROSS-SITE" },
        { null, "nested-document" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task A_foreign_page_changes_nothing(string? origin, string? site)
    {
        var running = await app.CreateAsync();
        using var driver = await app.DriveAsync(running);
        var upload = await app.CreateAsync(new { source = "upload" });
        foreach (var (method, path, body) in ((string, string, string?)[])[
            ("POST", "/v1/streams", "{\"id\":\"theirs\",\"source\":\"script\"}"),
            ("POST", $"/v1/streams/{upload}/drive", "their words"),
            ("POST", $"/v1/streams/{running}/cancel", null),
            ("DELETE", $"/v1/streams/{running}", null),
            ("DELETE", $"/v1/streams/{upload}", null)])
        {
            using var response = await SendAsync(method, path, body, origin, site);

            response.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0} {1}", method, path);
            response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("type").GetString().Should().Be("/problems/foreign-origin");
        }

        (await app.Client.GetAsync("/v1/streams/theirs")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await app.GetAsync(upload)).GetProperty("status").GetString().Should().Be("pending");
        (await app.GetAsync(running)).GetProperty("status").GetString().Should().Be("streaming");
        app.Script.For(new(running)).End();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "none")]
    [InlineData(null, "same-origin")]
    [InlineData("http://{own}", null)]
    [InlineData("HTTP://{own}", "same-origin")]
    [InlineData("https://{own}", "same-origin")] // TLS ends in a proxy that does not say so; the browser knows
    [InlineData(Friend, null)]
    [InlineData(Friend, "cross-site")]
    [InlineData(Friend + ":443", "same-site")]
    public async Task Its_own_pages_friends_and_what_is_no_browser_are_served(string? origin, string? site)
    {
        using var response = await SendAsync("POST", "/v1/streams", "{}", origin, site);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_app_can_let_further_origins_in()
    {
        using var response = await SendAsync("POST", "/v1/streams", "{}", Partner, "cross-site", ("X-Tenant", "partner"));

        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Behind_a_proxy_that_says_so_the_own_origin_is_the_proxys()
    {
        using var own = await SendAsync(
            "POST", "/v1/streams", "{}", "https://texts.example.com", null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "texts.example.com"));
        using var inner = await SendAsync(
            "POST", "/v1/streams", "{}", "http://{own}", null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "texts.example.com"));

        own.StatusCode.Should().Be(HttpStatusCode.Created);
        inner.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Two_origins_in_one_request_are_none_of_ours()
    {
        using var response = await SendAsync("POST", "/v1/streams", "{}", "http://{own}", null, ("Origin", "http://evil.test"));

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/text")]
    [InlineData("HEAD", "")]
    public async Task What_changes_nothing_is_CORSs_matter(string method, string below)
    {
        var id = await app.CreateAsync();

        using var response = await SendAsync(method, $"/v1/streams/{id}{below}", null, "http://evil.test", "cross-site");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v1/streams")]
    [InlineData("/v1/streams/there/cancel")]
    public async Task Json_without_a_content_type_is_refused(string path)
    {
        await app.CreateAsync(new { id = "there" });
        using var content = new ByteArrayContent("{}"u8.ToArray());

        using var response = await app.Client.PostAsync(path, content);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be("Content-Type");
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? body, string? origin, string? site, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, path.EndsWith("/drive") ? "text/plain" : "application/json");
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin.Replace("{own}", app.BaseAddress.Authority, StringComparison.Ordinal));
        if (site is not null) request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await app.Client.SendAsync(request);
    }
}
