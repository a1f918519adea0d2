using System.Security.Claims;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>The actor that an event names: the person, also where another owns the stream.</summary>
public sealed class ActorTests
{
    [Theory]
    [InlineData("ada", "id-7", "sub-7", "ada")]
    [InlineData(null, "id-7", "sub-7", "id-7")]
    [InlineData("", "id-7", null, "id-7")]
    [InlineData(null, null, "sub-7", "sub-7")]
    [InlineData(null, null, null, "anonymous")]
    public async Task The_actor_is_the_name_else_the_identifier_else_the_subject(string? name, string? identifier, string? subject, string expected)
    {
        Claim[] claims =
        [
            .. name is null ? [] : new Claim[] { new(ClaimTypes.Name, name) },
            .. identifier is null ? [] : new Claim[] { new(ClaimTypes.NameIdentifier, identifier) },
            .. subject is null ? [] : new Claim[] { new("sub", subject) },
            new("team", "red"),
        ];
        await using var app = await StartAsync(new ClaimsIdentity(claims, "test"), owned: true);

        var id = await app.CreateAsync();

        var created = await app.Engine.Log.ReadLastAsync(new(id), default);
        created!.Context.Actor.Should().Be(expected);
        ((StreamEvent.StreamCreated)created.Event).Labels["user"].Should().Be("red");
    }

    [Fact]
    public async Task Who_is_not_authenticated_is_anonymous_whatever_is_claimed()
    {
        await using var app = await StartAsync(new ClaimsIdentity([new(ClaimTypes.Name, "ada"), new("sub", "7")]), owned: false);

        var id = await app.CreateAsync();

        (await app.Engine.Log.ReadLastAsync(new(id), default))!.Context.Actor.Should().Be("anonymous");
    }

    private static Task<TextStreamsApp> StartAsync(ClaimsIdentity identity, bool owned) => TextStreamsApp.StartAsync(new()
    {
        Before = app => app.Use((http, next) =>
        {
            http.User = new ClaimsPrincipal(identity);
            return next(http);
        }),
        Endpoints = streams =>
        {
            if (owned) streams.OwnedBy(http => http.User.FindFirst("team")?.Value);
        },
    });
}
