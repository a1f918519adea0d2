using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>All of one person as lines, which go on where they were cut.</summary>
public abstract class ExportAllTests(ITestLog log) : IAsyncLifetime
{
    private readonly ScriptedSource source = new("told");
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await StartAsync("node-1");

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task An_export_has_all_that_ended_in_the_order_of_ids_and_says_where_it_goes_on()
    {
        foreach (var id in new[] { "b", "a", "B", "a-1" }) await TellAsync(id, "ann");
        await TellAsync("his", "bob");
        await app.Client.CreateAsync(new { id = "pending", source = "told", labels = new { user = "ann" } });

        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        Streams(lines).Should().Equal("B", "a", "a-1", "b");
        JsonElement.Parse(lines[^2]).GetProperty("streams").GetInt32().Should().Be(4);
        var job = await app.Client.GetFromJsonAsync<JsonElement>(StatusOf(answer));
        job.GetProperty("kind").GetString().Should().Be("export");
        job.GetProperty("state").GetString().Should().Be("done");
        job.Numbers().Should().Be((4, 4, 0));
        job.GetProperty("bytes").GetInt64().Should().Be((await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Streams_that_run_are_exported_as_far_as_they_are_where_that_is_asked_and_go_on_the_same()
    {
        await TellAsync("a", "ann");
        var id = await app.Client.CreateAsync(new { id = "runs", source = "told", labels = new { user = "ann" } });
        using var driver = await app.Client.DriveAsync(id);
        await source.For(new(id)).SayAsync("One. ");
        await Eventually.UntilAsync("it is stored", async () => (await app.Client.QueryAsync(id)).GetProperty("text").GetString() == "One. ");

        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann&running=true");
        var whole = await answer.Content.ReadAsByteArrayAsync();
        source.For(new(id)).End();
        await Eventually.UntilAsync("it has ended", async () => await app.Client.StatusAsync(id) == "done");

        Streams(Encoding.UTF8.GetString(whole).Split('\n')).Should().Equal("a", "runs");
        (await app.Client.GetByteArrayAsync($"{answer.Content.Headers.ContentLocation}&offset=0")).Should().Equal(whole, "it is of its own time");
    }

    [Fact]
    public async Task What_was_cut_anywhere_goes_on_at_any_node_and_is_the_whole()
    {
        for (var i = 0; i < 12; i++) await TellAsync($"s-{i}", "ann");
        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann");
        var whole = await answer.Content.ReadAsByteArrayAsync();
        await TellAsync("later", "ann");
        await using var other = await StartAsync("node-2");

        foreach (var cut in Enumerable.Range(0, 40).Select(i => whole.Length * i / 40).Append(whole.Length - 1).Append(whole.Length))
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(whole.AsSpan(0, cut)));
            var rest = await (cut % 2 == 0 ? app : other).Client.GetByteArrayAsync($"{answer.Content.Headers.ContentLocation}&offset={cut}&sha256={digest}");
            rest.Should().Equal(whole[cut..], $"cut at {cut}");
        }
    }

    [Fact]
    public async Task What_does_not_go_on_is_said_to_be_so()
    {
        for (var i = 0; i < 5; i++) await TellAsync($"s-{i}", "ann");
        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann");
        var (at, length) = (answer.Content.Headers.ContentLocation, (await answer.Content.ReadAsByteArrayAsync()).Length);

        (await ProblemAsync($"{at}&offset={length + 1}")).Should().Be((400, "/problems/invalid-request"));
        (await ProblemAsync($"{at}&offset=-1")).Should().Be((400, "/problems/invalid-request"));
        (await ProblemAsync($"{at}&offset=5&sha256={new string('0', 64)}")).Should().Be((409, "/problems/export-changed"));
        (await ProblemAsync($"{at}&running=true")).Should().Be((400, "/problems/invalid-request"));
        (await ProblemAsync("/v1/export")).Should().Be((400, "/problems/invalid-request"));
        (await ProblemAsync("/v1/export?label=user:ann&offset=5")).Should().Be((400, "/problems/invalid-request"));
        var deletion = await app.Client.DeleteAllAsync("user:nobody");
        (await ProblemAsync($"/v1/export?job={deletion.Split('/')[^1]}")).Should().Be((400, "/problems/invalid-request"));
    }

    [Fact]
    public async Task A_stream_that_was_deleted_meanwhile_is_noticed_by_the_bytes_before_it()
    {
        for (var i = 0; i < 5; i++) await TellAsync($"s-{i}", "ann");
        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann");
        var whole = await answer.Content.ReadAsByteArrayAsync();
        await app.Client.DeleteAsync("/v1/streams/s-1");
        await ListedAsync(4);

        var cut = whole.Length / 2;
        var digest = Convert.ToHexStringLower(SHA256.HashData(whole.AsSpan(0, cut)));
        (await ProblemAsync($"{answer.Content.Headers.ContentLocation}&offset={cut}&sha256={digest}")).Should().Be((409, "/problems/export-changed"));
    }

    [Fact]
    public async Task What_was_handed_over_whole_and_is_another_now_never_ends_well_for_a_client_that_lost_its_end()
    {
        for (var i = 0; i < 5; i++) await TellAsync($"s-{i}", "ann");
        using var answer = await app.Client.GetAsync("/v1/export?label=user:ann");
        var (at, whole) = (answer.Content.Headers.ContentLocation, await answer.Content.ReadAsByteArrayAsync());
        await app.Client.DoneAsync(StatusOf(answer));
        await app.Client.DeleteAsync("/v1/streams/s-3");
        await ListedAsync(4);

        (await ProblemAsync($"{at}&offset={whole.Length}")).Should().Be((409, "/problems/export-changed"));
        (await ProblemAsync($"{at}&offset={whole.Length - 1}")).Should().Be((409, "/problems/export-changed"));
        await FluentActions.Awaiting(() => app.Client.GetByteArrayAsync($"{at}&offset={whole.Length / 2}")).Should().ThrowAsync<HttpRequestException>();
        var digest = Convert.ToHexStringLower(SHA256.HashData(whole.AsSpan(0, 100)));
        (await app.Client.GetByteArrayAsync($"{at}&offset=100&sha256={digest}")).Length.Should().BeLessThan(whole.Length - 100, "what came is the same, and the rest is as it is now");
    }

    [Fact]
    public async Task A_client_that_is_gone_leaves_a_job_that_says_how_far_it_was()
    {
        for (var i = 0; i < 3; i++) await TellAsync($"s-{i}", "ann", new string('x', 400_000));
        await ListedAsync(3);

        string status, at;
        using (var answer = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/export?label=user:ann"), HttpCompletionOption.ResponseHeadersRead))
        {
            (status, at) = (StatusOf(answer), answer.Content.Headers.ContentLocation!.ToString());
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
        }

        var job = await app.Client.GetFromJsonAsync<JsonElement>(status);
        job.GetProperty("state").GetString().Should().Be("running");
        job.GetProperty("total").GetInt64().Should().Be(3);
        (await app.Client.GetByteArrayAsync($"{at}&offset=1000")).Length.Should().BeGreaterThan(1_000_000);
        (await app.Client.DoneAsync(status)).Numbers().Should().Be((3, 3, 0));
    }

    [Fact]
    public async Task A_question_for_the_head_begins_no_job()
    {
        using var answer = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/export?label=user:ann"));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.Contains("Link").Should().BeFalse();
    }

    private Task ListedAsync(int streams) => Eventually.UntilAsync($"{streams} are listed", async () =>
        (await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams?label=user:ann&count=true")).GetProperty("total").GetInt32() == streams);

    private static IEnumerable<string?> Streams(string[] lines) => lines
        .Where(line => line.StartsWith("{\"stream\"", StringComparison.Ordinal))
        .Select(line => JsonElement.Parse(line).GetProperty("stream").GetString()).Distinct();

    private static string StatusOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Link").Single().Split('<', '>')[1];

    private Task<TextStreamsApp> StartAsync(string node) => TextStreamsApp.StartAsync(new() { Log = log, Sources = [source], Node = node });

    private async Task TellAsync(string id, string user, string text = "Once upon a time. ")
    {
        await app.Client.CreateAsync(new { id, source = "told", labels = new { user } });
        using var driver = await app.Client.DriveAsync(id);
        await source.For(new(id)).SayAsync(text);
        source.For(new(id)).End();
        await driver.Content.ReadAsStringAsync();
    }

    private async Task<(int Status, string? Type)> ProblemAsync(string address)
    {
        using var answer = await app.Client.GetAsync(address);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    public sealed class OnLocalLog() : ExportAllTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : ExportAllTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : ExportAllTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
