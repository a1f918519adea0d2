using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Client.Tests;

public sealed class TokenTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-this-test";
    private static readonly KeyValuePair<string, string> Ann = new("user", "ann");

    private readonly TempFolder folder = new();
    private WebProcess server = null!;

    public async Task InitializeAsync() => server = await WebProcess.StartAsync(
        folder.Path,
        "--Auth:Keys:test:Hash",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))),
        "--Auth:Keys:test:Rights",
        "admin",
        "--Auth:TokenKeys:0",
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    [Fact]
    public async Task A_token_of_a_label_creates_and_reads_streams_with_it_and_no_others()
    {
        var keyed = Client(Secret);
        await keyed.CreateAsync(new() { Id = "others", Source = "demo" });

        var token = await keyed.CreateTokenAsync(Ann, ["create", "read", "list"], TimeSpan.FromMinutes(5), "ann");
        var anns = Client(token.Token);
        await anns.CreateAsync(new() { Id = "anns", Source = "demo" });

        token.ExpiresAt.Should().BeAfter(DateTimeOffset.UtcNow);
        (await keyed.QueryAsync("anns")).Labels.Should().Contain(Ann);
        await Eventually.UntilAsync("all are listed", async () => (await keyed.ListAsync().ToListAsync()).Count == 2);
        (await anns.ListAsync().ToListAsync()).Select(each => each.Id).Should().Equal("anns");
        (await anns.Invoking(client => client.QueryAsync("others")).Should().ThrowAsync<TextStreamsException>())
            .Which.Problem.Status.Should().Be((int)HttpStatusCode.NotFound);
        (await anns.Invoking(client => client.DeleteAsync("anns")).Should().ThrowAsync<TextStreamsException>())
            .Which.Problem.Status.Should().Be((int)HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_of_a_stream_reads_it_and_no_other()
    {
        var keyed = Client(Secret);
        foreach (var id in new[] { "a", "b" }) await keyed.CreateAsync(new() { Id = id, Source = "demo" });

        var reader = Client((await keyed.CreateTokenAsync("a", ["read"])).Token);

        (await reader.QueryAsync("a")).Id.Should().Be("a");
        (await reader.Invoking(client => client.QueryAsync("b")).Should().ThrowAsync<TextStreamsException>())
            .Which.Problem.Status.Should().BeOneOf((int)HttpStatusCode.Forbidden, (int)HttpStatusCode.NotFound);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    private TextStreamsClient Client(string token) => new(server.Client, new()
    {
        BaseAddress = new(server.Client.BaseAddress!, "/v1/streams"),
        Token = (_, _) => ValueTask.FromResult<string?>(token),
    });
}
