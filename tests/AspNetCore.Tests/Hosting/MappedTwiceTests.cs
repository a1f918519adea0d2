using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>One log behind several doors: each has its prefix, and its owners.</summary>
public sealed class MappedTwiceTests : IAsyncLifetime
{
    private OwnApp app = null!;

    public async Task InitializeAsync() => app = await OwnApp.StartAsync(
        builder =>
        {
            builder.Services.AddTextStreams().AddDemo();
            builder.Services.AddOpenApi();
        },
        own =>
        {
            own.MapTextStreams();
            own.MapTextStreams("/mine").OwnedBy(http => http.Request.Headers["X-User"]);
            own.MapGroup("/teams/{team}").MapTextStreams("/streams").OwnedBy(http => (string?)http.GetRouteValue("team"), "team");
            own.MapOpenApi();
        });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Each_door_serves_below_its_prefix_and_asks_for_its_own_owners()
    {
        var mine = await CreateAsync("/mine", "ada");
        var teams = await CreateAsync("/teams/red/streams", null);
        var open = await CreateAsync("/v1/streams", null);

        (await StatusAsync($"/mine/{mine}", "ada")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync($"/mine/{mine}", "bob")).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync($"/mine/{teams}", "ada")).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync($"/mine/{mine}", null)).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync($"/teams/red/streams/{teams}", null)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync($"/teams/blue/streams/{teams}", null)).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync($"/v1/streams/{open}", null)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync($"/mine/{mine}/nothing", "ada")).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_apis_description_shows_all_of_them_each_operation_with_a_name_of_its_own()
    {
        var document = await app.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        foreach (var prefix in new[] { "/v1/streams", "/mine", "/teams/{team}/streams" })
            paths.Keys.Should().Contain([prefix, $"{prefix}/{{id}}", $"{prefix}/{{id}}/drive", $"{prefix}/{{id}}/events"]);
        var names = paths.Values.SelectMany(path => path.EnumerateObject())
            .Where(operation => operation.Value.TryGetProperty("operationId", out _))
            .Select(operation => operation.Value.GetProperty("operationId").GetString()).ToArray();
        names.Should().OnlyHaveUniqueItems().And.Contain(["CreateStream", "CreateStream_mine", "DriveStream_teams__team__streams"]);
    }

    [Fact]
    public void An_address_is_found_by_its_endpoints_name()
    {
        var links = app.Services.GetRequiredService<LinkGenerator>();

        links.GetPathByName("GetStream", new { id = "a" }).Should().Be("/v1/streams/a");
        links.GetPathByName("GetStream_mine", new { id = "a" }).Should().Be("/mine/a");
    }

    private async Task<string> CreateAsync(string path, string? user)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, user, JsonContent.Create(new { source = "demo" }));
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        answer.Headers.Location!.OriginalString.Should().Be($"{path}/{id}");
        return id;
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? user)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, user, null);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod verb, string path, string? user, HttpContent? content)
    {
        var request = new HttpRequestMessage(verb, path) { Content = content };
        if (user is not null) request.Headers.Add("X-User", user);
        return app.Client.SendAsync(request);
    }
}
