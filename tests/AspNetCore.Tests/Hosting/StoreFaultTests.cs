using System.Net;
using System.Net.Http.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Domain;
using EventSourcedStreams.FaultyStore;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>The ready-made host on nodes that fail.</summary>
public sealed class StoreFaultTests : StoreUnderTest, IAsyncLifetime
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    /// <summary>As the clients' <c>DeleteAsync</c> leaves it.</summary>
    private static readonly NewEvent Hidden = new(
        new EventId(Guid.NewGuid()), "$metadata", "application/json", """{"$tb":9223372036854775807}"""u8.ToArray(), default);

    private readonly TempFolder cache = new();
    private FaultyCluster cluster = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        cluster = await FaultyCluster.StartAsync(Port);
    }

    public override async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        await base.DisposeAsync();
        cache.Dispose();
    }

    [Fact]
    public async Task Without_the_right_to_read_everything_the_host_is_not_ready_and_says_which_is_lacking()
    {
        foreach (var node in cluster.Nodes) node.Refused = Rights.ReadAll;
        await using var app = await StartAsync();

        await Eventually.UntilAsync("it is not ready, and says why", async () =>
        {
            using var answer = await app.Client.GetAsync(Ready);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable && (await answer.Content.ReadAsStringAsync()).Contains("may not read $all");
        });

        foreach (var node in cluster.Nodes) node.Refused = Rights.None;
        await Eventually.UntilAsync("it is ready", async () => await ReadyAsync(app) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_host_starts_while_its_first_seeds_hang()
    {
        foreach (var node in cluster.Nodes.Take(2)) node.Hang();
        cluster.Elect(cluster.Nodes[2]);
        await using var app = await StartAsync();

        await Eventually.UntilAsync("it is ready", async () => await ReadyAsync(app) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_text_deleted_in_the_store_without_a_tombstone_is_damaged_and_is_not_offered_for_creation()
    {
        await using var app = await StartAsync();
        await Eventually.UntilAsync("it is ready", async () => await ReadyAsync(app) == HttpStatusCode.OK);
        await app.Client.CreateAsync(new { id = "gone", source = "upload" });
        await using (var store = await OpenAsync())
            await store.AppendAsync("$$text-gone", ExpectedRevision.NoStream, [Hidden], default);

        foreach (var path in (string[])["", "/events", "/text"])
        {
            using var answer = await app.Client.GetAsync($"/v1/streams/gone{path}");
            answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
            (await answer.Content.ReadAsStringAsync()).Should().Contain("log-damaged").And.Contain("truncated");
        }

        using var again = await app.Client.PostAsJsonAsync("/v1/streams", new { id = "gone", source = "demo" });
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync()).Should().Contain("id-in-use").And.Contain("without a tombstone");
    }

    private Task<HostedApp> StartAsync() => HostedApp.StartAsync(new Dictionary<string, string?>
    {
        ["EventStore:ConnectionString"] = cluster.ConnectionString,
        ["EventStore:CachePath"] = cache.Path,
    });

    private static async Task<HttpStatusCode> ReadyAsync(HostedApp app)
    {
        using var answer = await app.Client.GetAsync(Ready);
        return answer.StatusCode;
    }
}
