using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>What an app hides leaves in no form; the numbers of parts have gaps.</summary>
public sealed class HiddenPartsTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Endpoints = group => group.WithMetadata(new TextStreamEndpointsOptions
        {
            ShowPart = (http, part) => part.Start.Name != "hidden" && (part.Start.Kind != PartKinds.Reasoning || http.Request.Headers.ContainsKey("X-Staff")),
        }),
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("?parts=true")]
    [InlineData("/events?parts=true")]
    [InlineData("/events?parts=true&after=9")]
    [InlineData("/events?parts=true&after=4")]
    [InlineData("/parts/1")]
    [InlineData("/parts/2")]
    [InlineData("/parts/3")]
    public async Task A_hidden_tool_leaves_no_trace_nor_does_its_result(string path)
    {
        await StoreAsync();
        using var answer = await app.Client.GetAsync($"/v1/streams/s{path}");
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("secret").And.NotContain("\"part\":2").And.NotContain("\"part\":3").And.NotContain("hidden");
        if (path.StartsWith("/parts")) answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Clients_that_see_different_parts_have_different_tags()
    {
        await StoreAsync();
        using var own = await app.Client.GetAsync("/v1/streams/s?parts=true");
        using var staffs = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/s?parts=true");
        staffs.Headers.Add("X-Staff", "1");
        staffs.Headers.IfNoneMatch.Add(own.Headers.ETag!);

        using var more = await app.Client.SendAsync(staffs);

        more.StatusCode.Should().Be(HttpStatusCode.OK, "what another client saw is not what this one may see");
        Parts(await own.Content.ReadAsStringAsync()).Should().Equal(4);
        Parts(await more.Content.ReadAsStringAsync()).Should().Equal(1, 4);

        static IEnumerable<int> Parts(string query) => JsonElement.Parse(query).GetProperty("content").EnumerateArray()
            .Where(entry => entry.TryGetProperty("part", out _)).Select(entry => entry.GetProperty("part").GetInt32());
    }

    [Fact]
    public async Task An_app_says_so_where_it_maps_the_streams()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddTextStreams();
        await using var own = builder.Build();

        own.MapTextStreams(o => o.ShowPart = (_, part) => part.Number != 1, "/mine");

        var endpoint = ((IEndpointRouteBuilder)own).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .First(e => e.RoutePattern.RawText == "/mine/{id}/parts/{part}");
        endpoint.Metadata.GetMetadata<TextStreamEndpointsOptions>()!.ShowPart!(null!, new(1, new("x"))).Should().BeFalse();
    }

    private async Task StoreAsync() => await StoredStream.Begun(app, "s")
        .Part(1, new PartStart(PartKinds.Reasoning), "Look. ")                                             // 2 … 4
        .Start(new PartStart(PartKinds.ToolCall) { Name = "hidden" })                                      // 5
        .Start(new PartStart(PartKinds.ToolResult) { Of = 2 })                                             // 6
        .Text(2, "secret 1").Text(3, "secret 2").Body("So. ").Text(3, "secret 3").End(2).End(3)            // 7 … 12
        .Part(4, new PartStart(PartKinds.Source), "x").Done().WrittenAsync();
}
