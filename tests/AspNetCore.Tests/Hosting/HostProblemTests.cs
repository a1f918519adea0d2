using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>Every refusal has a body, and HEAD is served where GET is.</summary>
public sealed class HostProblemTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private HostedApp app = null!;

    public async Task InitializeAsync() =>
        app = await HostedApp.StartAsync(new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path });

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("GET", "/v1", 404, "not-found")]
    [InlineData("GET", "/v1/streams/a/b/c", 404, "not-found")]
    [InlineData("PUT", "/v1/streams", 405, "method-not-allowed")]
    [InlineData("PATCH", "/v1/streams/a", 405, "method-not-allowed")]
    [InlineData("DELETE", "/openapi/v1.json", 405, "method-not-allowed")]
    public async Task What_is_not_served_is_a_problem_with_a_body(string method, string path, int status, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await app.Client.SendAsync(request);

        await ShouldBeProblemAsync(response, status, type);
        if (status == 405) response.Content.Headers.Allow.Should().Contain(["GET", "HEAD"]);
    }

    [Fact]
    public async Task Headers_and_addresses_that_are_too_large_are_told_so()
    {
        using var many = new HttpRequestMessage(HttpMethod.Get, "/v1/streams");
        many.Headers.Add("X-Large", new string('x', 40_000));
        using var headers = await app.Client.SendAsync(many);
        using var address = await app.Client.GetAsync($"/v1/streams?q={new string('x', 9_000)}");

        await ShouldBeProblemAsync(headers, 431, "headers-too-large");
        await ShouldBeProblemAsync(address, 414, "address-too-long");
    }

    [Fact]
    public async Task A_condition_that_is_not_met_and_a_body_that_is_not_taken_are_told_so()
    {
        using var created = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "s", source = "upload" });
        created.StatusCode.Should().Be(HttpStatusCode.Created);
        using var condition = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/s/text");
        condition.Headers.IfMatch.Add(new EntityTagHeaderValue("\"7\""));
        using var unmet = await app.Client.SendAsync(condition);
        using var form = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var other = await app.Client.PostAsync("/v1/streams", form);
        using var large = await app.Client.PostAsync("/v1/streams", new StringContent(new string(' ', 1_100_000), Encoding.UTF8, "application/json"));

        await ShouldBeProblemAsync(unmet, 412, "precondition-failed");
        await ShouldBeProblemAsync(other, 415, "unsupported-media-type");
        await ShouldBeProblemAsync(large, 413, "too-large");
    }

    [Fact]
    public async Task Head_is_served_where_get_is()
    {
        using var created = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "s", source = "upload" });
        foreach (var path in new[] { "/v1/streams", "/v1/streams/s", "/v1/streams/s/text", "/v1/streams/s/events", "/health/live", "/health/ready", "/openapi/v1.json" })
        {
            using var get = await app.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path)).WaitAsync(Eventually.Limit);

            head.StatusCode.Should().Be(get.StatusCode, path);
            head.Content.Headers.ContentType.Should().Be(get.Content.Headers.ContentType, path);
            head.Headers.ETag.Should().Be(get.Headers.ETag, path);
            (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty(path);
        }
    }

    [Fact]
    public async Task Head_of_what_is_not_there_has_gets_status()
    {
        using var unknown = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/streams/never/events"));
        using var created = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "gone", source = "upload" });
        using var deleted = await app.Client.DeleteAsync("/v1/streams/gone");
        using var gone = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/streams/gone/events"));

        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        gone.StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    private static async Task ShouldBeProblemAsync(HttpResponseMessage response, int status, string type)
    {
        ((int)response.StatusCode).Should().Be(status);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be($"/problems/{type}");
        problem.GetProperty("status").GetInt32().Should().Be(status);
        problem.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().Should().NotBeNullOrEmpty();
    }
}
