using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>The addresses that answers name: of the mapping that the request came by, with what a base, a proxy or a
/// parameter in the prefix adds, however the app wants its own addresses to be written.</summary>
public sealed class AddressTests : IAsyncLifetime
{
    private OwnApp app = null!;

    public async Task InitializeAsync() => app = await OwnApp.StartAsync(
        builder =>
        {
            builder.Services.AddTextStreams().AddDemo();
            builder.Services.Configure<RouteOptions>(routes => (routes.LowercaseUrls, routes.LowercaseQueryStrings, routes.AppendTrailingSlash) = (true, true, true));
        },
        own =>
        {
            own.UsePathBase("/base");
            own.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedPrefix });
            own.UseRouting();
            own.MapTextStreams();
            own.MapTextStreams("/Notes");
            var teams = own.MapGroup("/teams/{team}");
            teams.MapTextStreamJobs(teams.MapTextStreams("/streams"), "/all");
            own.MapTextStreamJobs(own.MapTextStreams("/plain"), "/of-all");
        });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/v1/streams")]
    [InlineData("/v1/streams/", "/v1/streams")]
    [InlineData("/base/v1/streams")]
    [InlineData("/v1/streams", "/outer/v1/streams", "/outer")]
    [InlineData("/Notes")]
    [InlineData("/teams/red/streams")]
    [InlineData("/base/teams/Red%20%C3%BC/streams")]
    [InlineData("/teams/a%2Fb/streams")]
    [InlineData("/teams/a%252Fb/streams")]
    [InlineData("/base/teams/a%2Fb%252F/streams/", "/base/teams/a%2Fb%252F/streams")]
    public async Task A_stream_is_where_its_creation_says_and_so_are_its_events(string prefix, string? named = null, string? forwarded = null)
    {
        using var created = await SendAsync(HttpMethod.Post, prefix, forwarded, new { id = "Mixed.Case~x", source = "demo", input = new { text = "One." } });
        using var driven = await SendAsync(HttpMethod.Post, $"{prefix.TrimEnd('/')}/Mixed.Case~x/drive", forwarded);
        await driven.Content.ReadAsStringAsync();
        using var again = await SendAsync(HttpMethod.Post, $"{prefix.TrimEnd('/')}/Mixed.Case~x/drive", forwarded);

        created.StatusCode.Should().Be(HttpStatusCode.Created);
        created.Headers.GetValues("Location").Should().Equal($"{named ?? prefix}/Mixed.Case~x");
        again.Headers.GetValues("Link").Should().Equal($"<{named ?? prefix}/Mixed.Case~x/events>; rel=\"follow\"");
        if (forwarded is not null) return;
        foreach (var address in new[] { created.Headers.Location!.OriginalString, again.Headers.GetValues("Link").Single().Split('<', '>')[1] })
        {
            using var there = await SendAsync(HttpMethod.Get, address, null);
            there.StatusCode.Should().Be(HttpStatusCode.OK, address);
        }
    }

    [Theory]
    [InlineData("/plain", "/of-all")]
    [InlineData("/base/plain", "/base/of-all")]
    [InlineData("/teams/Red/streams", "/teams/Red/all")]
    [InlineData("/teams/a%2Fb/streams", "/teams/a%2Fb/all")]
    public async Task Jobs_and_exports_are_where_they_say_they_are(string streams, string jobs)
    {
        using var deletion = await SendAsync(HttpMethod.Delete, $"{streams}?label=user:ann", null);
        using var export = await SendAsync(HttpMethod.Get, $"{jobs}/export?label=user:ann", null);
        var id = (await deletion.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        deletion.Headers.GetValues("Location").Should().Equal($"{jobs}/jobs/{id}");
        export.Content.Headers.ContentLocation!.OriginalString.Should().StartWith($"{jobs}/export?job=");
        var status = export.Headers.GetValues("Link").Single().Split('<', '>')[1];
        status.Should().StartWith($"{jobs}/jobs/");
        foreach (var address in new[] { $"{jobs}/jobs/{id}", status, export.Content.Headers.ContentLocation.OriginalString })
        {
            using var there = await SendAsync(HttpMethod.Get, address, null);
            there.StatusCode.Should().Be(HttpStatusCode.OK, address);
        }
    }

    [Theory]
    [InlineData("a-B_c.d~E", "a-B_c.d~E")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a b?c#d", "a%20b%3Fc%23d")]
    [InlineData("ü漢", "%C3%BC%E6%BC%A2")]
    public void An_id_is_one_segment_of_an_address_whatever_is_in_it(string id, string segment)
    {
        var http = new DefaultHttpContext { RequestServices = app.Services, Request = { PathBase = "/base" } };
        http.SetEndpoint(app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .First(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/Notes", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<StreamAddresses>() is not null));

        StreamAddresses.OfStream(http, new StreamId(id)).Should().Be($"/base/Notes/{segment}");
        StreamAddresses.OfEvents(http, new StreamId(id)).Should().Be($"/base/Notes/{segment}/events");
        StreamAddresses.OfDrive(http, new StreamId(id)).Should().Be($"/base/Notes/{segment}/drive");
        StreamAddresses.OfPart(http, new StreamId(id), 7).Should().Be($"/base/Notes/{segment}/parts/7");
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod verb, string address, string? forwarded, object? body = null)
    {
        var request = new HttpRequestMessage(verb, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (forwarded is not null) request.Headers.Add("X-Forwarded-Prefix", forwarded);
        return app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
