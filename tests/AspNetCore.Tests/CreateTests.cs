using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class CreateTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_created_stream_is_pending_and_has_an_address()
    {
        using var response = await app.Client.PostAsJsonAsync("/v1/streams", new { labels = new { user = "42" } });

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var stream = await response.Content.ReadFromJsonAsync<JsonElement>();
        var id = stream.GetProperty("id").GetString()!;
        id.Should().MatchRegex("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$");
        response.Headers.Location!.OriginalString.Should().Be($"/v1/streams/{id}");
        stream.GetProperty("status").GetString().Should().Be("pending");
        stream.GetProperty("revision").GetInt64().Should().Be(0);
        stream.GetProperty("length").GetInt64().Should().Be(0);
        stream.GetProperty("text").GetString().Should().BeEmpty();
        stream.GetProperty("labels").GetProperty("user").GetString().Should().Be("42");
        stream.GetProperty("createdAt").GetString().Should().EndWith("Z");
        (await app.GetAsync(id)).ToString().Should().Be(stream.ToString());
    }

    [Fact]
    public async Task An_empty_body_is_an_empty_object()
    {
        using var response = await app.Client.PostAsync("/v1/streams", null);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Input_is_kept_as_it_was_sent()
    {
        const string input = "{ \"b\" : 1.50,\n\"a\":\"\\u00e4\" }";
        using var content = new StringContent($"{{\"id\":\"kept\",\"input\":{input}}}", Encoding.UTF8, "application/json");

        using var response = await app.Client.PostAsync("/v1/streams", content);

        var first = await app.Engine.Log.ReadAsync(new StreamId("kept"), Revision.None, ReadFrom.Leader, default).FirstAsync();
        first.Event.Should().BeOfType<StreamEvent.StreamCreated>().Which.Input.Should().Be(input);
    }

    [Fact]
    public async Task The_same_request_again_finds_the_stream_and_another_does_not()
    {
        var request = new { id = "mine", input = new { a = 1, b = 2 }, retainSeconds = 60 };

        using var first = await app.Client.PostAsJsonAsync("/v1/streams", request);
        using var again = await app.Client.PostAsJsonAsync("/v1/streams", new { retainSeconds = 60, input = new { b = 2, a = 1 }, id = "mine" });
        using var other = await app.Client.PostAsJsonAsync("/v1/streams", request with { retainSeconds = 61 });
        await app.Client.DeleteAsync("/v1/streams/mine");
        using var late = await app.Client.PostAsJsonAsync("/v1/streams", request);

        first.StatusCode.Should().Be(HttpStatusCode.Created);
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync()).Should().Be(await first.Content.ReadAsStringAsync());
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await other.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/id-in-use");
        late.StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_new_id_does_not_end_in_a_tilde_and_digits_and_one_that_is_there_already_is_served()
    {
        var there = new StreamCommand.Create(
            new StreamId("old~1"), "demo", null, "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None, Names.From(["id", "source"]))
        { At = DateTimeOffset.UtcNow };
        var created = ((Decision.Accepted)StreamRules.Decide(there, new StreamState.Missing())).Events;
        await app.Engine.Log.AppendAsync(
            new Append(new AppendId(Guid.NewGuid()), there.Id, StreamHead.None, created, new EventContext(app.Engine.Node, 0, "somebody")), default);

        using var again = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "old~1", source = "demo" });
        using var refused = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "new~1", source = "demo" });
        using var two = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "new~~1", source = "demo" });
        using var driven = await app.Client.PostAsync("/v1/streams/old~1/drive", null);
        var fromCode = () => app.Streams.CreateAsync(new NewTextStream("demo") { Id = "new~2" });

        again.StatusCode.Should().Be(HttpStatusCode.OK);
        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Contain("kept for chats");
        two.StatusCode.Should().Be(HttpStatusCode.Created);
        driven.StatusCode.Should().Be(HttpStatusCode.OK);
        (await app.Client.GetStringAsync("/v1/streams/old~1/text")).Should().NotBeEmpty();
        (await fromCode.Should().ThrowAsync<ArgumentException>()).WithMessage("*kept for chats*");
    }

    [Fact]
    public async Task Who_asked_goes_on_record()
    {
        var name = new string('é', 200);
        await using var signedIn = await TextStreamsApp.StartAsync(new()
        {
            Before = web => web.Use((http, next) =>
            {
                http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], "test"));
                return next(http);
            }),
        });

        var id = await signedIn.CreateAsync();

        var first = await signedIn.Engine.Log.ReadAsync(new StreamId(id), Revision.None, ReadFrom.Leader, default).FirstAsync();
        first.Context.Actor.Should().Be(new string('é', 128));
        first.Context.CorrelationId.Should().NotBeNullOrEmpty();
    }
}
