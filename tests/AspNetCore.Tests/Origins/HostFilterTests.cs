using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Origins;

/// <summary>A page whose name is made to resolve to 127.0.0.1 is told from the server's own by nothing but its
/// name.</summary>
public sealed class HostFilterTests
{
    [Theory]
    [InlineData("http://127.0.0.1:0", null, "127.0.0.1", true)]
    [InlineData("http://127.0.0.1:0", null, "127.0.0.1:99", true)]
    [InlineData("http://127.0.0.1:0", null, "localhost", true)]
    [InlineData("http://127.0.0.1:0", null, "LOCALHOST:5280", true)]
    [InlineData("http://127.0.0.1:0", null, "[::1]:5280", true)]
    [InlineData("http://127.0.0.1:0", null, "evil.test", false)]
    [InlineData("http://127.0.0.1:0", null, "evil.test:5280", false)]
    [InlineData("http://127.0.0.1:0", null, "127.0.0.1.evil.test", false)]
    [InlineData("http://127.0.0.1:0", null, "localhost.evil.test", false)]
    [InlineData("http://127.0.0.1:0", null, "192.168.0.1", false)]
    [InlineData("http://127.0.0.3:0", null, "127.0.0.3", true)]
    [InlineData("http://127.0.0.3:0", null, "evil.test", false)]
    [InlineData("http://127.0.0.1:0", "texts.example.com;*.internal", "texts.example.com", true)]
    [InlineData("http://127.0.0.1:0", "texts.example.com;*.internal", "a.internal:80", true)]
    [InlineData("http://127.0.0.1:0", "texts.example.com;*.internal", "localhost", false)]
    [InlineData("http://127.0.0.1:0", "*", "evil.test", true)]
    [InlineData("http://0.0.0.0:0", null, "texts.example.com", true)]
    [InlineData("http://0.0.0.0:0", "texts.example.com", "evil.test", false)]
    public async Task A_server_answers_to_its_own_names_alone(string url, string? allowed, string host, bool isServed)
    {
        await using var app = await StartAsync(url, allowed);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };

        using var response = await client.SendAsync(request);

        response.StatusCode.Should().Be(isServed ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        if (isServed) return;
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be("/problems/unknown-host");
        problem.GetProperty("detail").GetString().Should().Contain("AllowedHosts");
    }

    [Fact]
    public async Task The_ready_made_host_does_so_for_its_page_its_health_and_its_streams()
    {
        using var folder = new TempFolder();
        await using var server = await WebProcess.StartAsync(folder.Path);
        foreach (var path in (string[])["/", "/health/live", "/v1/streams", "/openapi/v1.json"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.test" } };
            using var response = await server.Client.SendAsync(request);

            response.StatusCode.Should().Be(HttpStatusCode.BadRequest, path);
        }

        await server.StopAsync();
    }

    private static async Task<WebApplication> StartAsync(string url, string? allowed)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Configuration["AllowedHosts"] = allowed;
        builder.Services.AddHostFilter();
        var app = builder.Build();
        app.UseHostFilter();
        app.MapGet("/", () => "served");
        await app.StartAsync();
        return app;
    }
}
