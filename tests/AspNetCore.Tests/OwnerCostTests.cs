using System.Net;
using System.Net.Http.Json;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class OwnerCostTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private NearNodeStore store = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Wrap = inner => store = new NearNodeStore(inner),
        Endpoints = group => group.OwnedBy(http => http.Request.Headers["X-User"].FirstOrDefault() ?? "ada"),
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task The_owner_costs_one_event_and_the_next_time_nothing()
    {
        var id = await app.CreateDoneAsync([.. Enumerable.Range(0, 20).Select(i => $"Sentence {i}. ")]);
        app.Access.Set(app.Engine); // as another node, which has not seen it
        store.ForgetReads();

        (await AskAsync(HttpMethod.Post, $"/v1/streams/{id}/cancel", "bob")).Should().Be(HttpStatusCode.NotFound);
        store.Reads.Should().ContainSingle().Which.Should().Be(($"text-{id}", 0, 1));
        for (var i = 0; i < 5; i++)
        {
            (await AskAsync(HttpMethod.Post, $"/v1/streams/{id}/cancel", "bob")).Should().Be(HttpStatusCode.NotFound);
            (await AskAsync(HttpMethod.Get, $"/v1/streams/{id}/events", "bob")).Should().Be(HttpStatusCode.NotFound);
        }

        store.Reads.Should().ContainSingle();
        (await AskAsync(HttpMethod.Get, $"/v1/streams/{id}", "ada")).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task That_a_stream_is_not_there_is_not_kept()
    {
        (await AskAsync(HttpMethod.Get, "/v1/streams/later", "ada")).Should().Be(HttpStatusCode.NotFound);

        using var created = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "later" });

        created.StatusCode.Should().Be(HttpStatusCode.Created);
        (await AskAsync(HttpMethod.Get, "/v1/streams/later", "ada")).Should().Be(HttpStatusCode.OK);
        store.NearSees = -1;
        app.Access.Set(app.Engine);
        (await AskAsync(HttpMethod.Get, "/v1/streams/later", "ada")).Should().Be(HttpStatusCode.OK, "the leader knows it");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/text")]
    [InlineData("GET", "/events")]
    [InlineData("POST", "/drive")]
    [InlineData("POST", "/cancel")]
    [InlineData("DELETE", "")]
    public async Task A_deleted_stream_whose_owner_is_still_known_is_nobodys(string verb, string path)
    {
        var id = await app.CreateDoneAsync("Hers.");
        (await AskAsync(HttpMethod.Delete, $"/v1/streams/{id}", "ada")).Should().Be(HttpStatusCode.NoContent);

        foreach (var user in new[] { "ada", "bob" })
            (await AskAsync(new HttpMethod(verb), $"/v1/streams/{id}{path}", user)).Should().Be(HttpStatusCode.NotFound);
    }

    private async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string user)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-User", user);
        using var response = await app.Client.SendAsync(request);
        return response.StatusCode;
    }
}
