using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Hosting;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>An app that embeds the library, with its own users and a policy for some rights.</summary>
public sealed class OwnPolicyTests : IAsyncLifetime
{
    private readonly ScriptedSource source = new("told");
    private OwnApp app = null!;

    public async Task InitializeAsync() => app = await OwnApp.StartAsync(
        builder =>
        {
            builder.Services.AddTextStreams().AddSource(source, clients: true);
            builder.Services.AddAuthentication("Header").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("Header", null);
            builder.Services.AddAuthorizationBuilder()
                .AddPolicy(TextStreamsPolicies.Delete, policy => policy.RequireRole("moderator"))
                .AddPolicy(TextStreamsPolicies.Create, policy => policy.RequireAuthenticatedUser());
        },
        own =>
        {
            own.MapTextStreams().OwnedBy(http => http.User.Identity?.Name);
            own.MapTextStreams("/public");
        });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_policy_under_the_name_of_a_right_has_to_hold_for_its_endpoints()
    {
        (await StatusAsync(HttpMethod.Post, "/v1/streams", null)).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(HttpMethod.Post, "/v1/streams", "ann", new { id = "a", source = "told" })).Should().Be(HttpStatusCode.Created);
        (await StatusAsync(HttpMethod.Delete, "/v1/streams/a", "ann")).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, "/v1/streams/a", "ann")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, "/v1/streams/a", "bob")).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync(HttpMethod.Delete, "/v1/streams/a", "ann moderator")).Should().Be(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(null, 401, "/problems/unauthenticated")]
    [InlineData("ann", 403, "/problems/forbidden")]
    public async Task What_a_policy_keeps_out_is_answered_with_a_problem(string? user, int status, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/public/p");
        if (user is not null) request.Headers.Add("X-User", user);
        using var answer = await app.Client.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be(type);
    }

    [Fact]
    public async Task Where_there_is_no_policy_nothing_more_is_asked()
    {
        (await StatusAsync(HttpMethod.Post, "/public", "ann", new { id = "p", source = "told" })).Should().Be(HttpStatusCode.Created);

        (await StatusAsync(HttpMethod.Get, "/public/p", null)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, "/public", null)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Delete, "/public/p", null)).Should().Be(HttpStatusCode.Unauthorized);
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? user, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null) request.Headers.Add("X-User", user);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await app.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A name and roles, as a header has them.</summary>
    private sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"] is not [{ } header]) return Task.FromResult(AuthenticateResult.NoResult());
            var words = header.Split(' ');
            var identity = new ClaimsIdentity([new(ClaimTypes.Name, words[0]), .. words.Skip(1).Select(role => new Claim(ClaimTypes.Role, role))], "Header");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "Header")));
        }
    }
}
