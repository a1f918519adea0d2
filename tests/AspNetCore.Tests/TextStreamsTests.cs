using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class TextStreamsTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() =>
        app = await TextStreamsApp.StartAsync(new() { Http = new() { DefaultSource = "script", ClientSources = ["demo"] } });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task App_code_creates_what_the_browser_drives_and_reads_what_it_said()
    {
        var id = await app.Streams.CreateAsync(
            new NewTextStream("script")
            {
                Id = "own",
                Input = JsonElement.Parse("""{"b":1.50,"a":[]}"""),
                Labels = new Dictionary<string, string> { ["user"] = "ada" },
                IdleTimeout = TimeSpan.FromMinutes(5),
                By = "ada",
            },
            default);
        var run = app.Script.For(new("own"));
        using var driver = await app.DriveAsync("own");
        await run.SayAsync("Said.");
        run.End();
        await driver.Content.ReadAsStringAsync();

        var created = await app.Engine.Log.ReadAsync(id, Revision.None, ReadFrom.Leader, default).FirstAsync();
        var stream = await app.Streams.FindAsync(id, default);

        created.Context.Actor.Should().Be("ada");
        var e = created.Event.Should().BeOfType<StreamEvent.StreamCreated>().Subject;
        e.Input.Should().Be("""{"b":1.50,"a":[]}""");
        e.IdleTimeout.Should().Be(TimeSpan.FromMinutes(5));
        stream!.Text.ToString().Should().Be("Said.");
        stream.Summary.Labels["user"].Should().Be("ada");
    }

    [Fact]
    public async Task The_same_again_is_the_same_stream_and_another_is_refused()
    {
        var first = await app.Streams.CreateAsync(new NewTextStream("script") { Id = "own" }, default);
        var again = await app.Streams.CreateAsync(new NewTextStream("script") { Id = "own" }, default);
        Func<Task> other = () => app.Streams.CreateAsync(new NewTextStream("demo") { Id = "own" }, default);
        Func<Task> late = () => app.Streams.CreateAsync(new NewTextStream("script") { Id = "own" }, default);

        again.Should().Be(first);
        await other.Should().ThrowAsync<ArgumentException>().WithMessage("*another id*");
        await app.Streams.DeleteAsync(first);
        await late.Should().ThrowAsync<ArgumentException>().WithMessage("*never used again*");
    }

    [Fact]
    public async Task What_http_would_refuse_is_an_argument_that_is_wrong()
    {
        foreach (var wrong in new NewTextStream[]
        {
            new("nowhere"), new("script") { Id = "no spaces" }, new("script") { IdleTimeout = TimeSpan.FromSeconds(1) },
            new("script") { Labels = new Dictionary<string, string> { ["a:b"] = "c" } },
        })
        {
            await app.Streams.Invoking(streams => streams.CreateAsync(wrong, default)).Should().ThrowAsync<ArgumentException>();
        }

        var input = new NewTextStream("script") { Input = JsonElement.Parse("""{"wrong":1}""") };
        await app.Streams.Invoking(streams => streams.CreateAsync(input, default)).Should().ThrowAsync<InvalidInputException>();
    }

    [Fact]
    public async Task App_code_cancels_and_deletes()
    {
        var id = await app.Streams.CreateAsync(new NewTextStream("script"), default);

        (await app.Streams.CancelAsync(id, new Caller("ada"), "enough")).Should().BeTrue();
        (await app.Streams.FindAsync(id, default))!.Summary.Error!.Message.Should().Be("enough");
        (await app.Streams.DeleteAsync(id, new Caller("ada"))).Should().BeTrue();

        (await app.Streams.FindAsync(id, default)).Should().BeNull();
        (await app.Streams.CancelAsync(id)).Should().BeFalse();
        (await app.Streams.DeleteAsync(id)).Should().BeFalse();
        (await app.Streams.FindAsync(new StreamId("never"), default)).Should().BeNull();
    }

    [Fact]
    public async Task A_client_names_only_the_sources_that_are_meant_for_it()
    {
        using var allowed = await app.Client.PostAsJsonAsync("/v1/streams", new { source = "demo" });
        using var other = await app.Client.PostAsJsonAsync("/v1/streams", new { source = "upload" });
        using var byDefault = await app.Client.PostAsJsonAsync("/v1/streams", new { });

        allowed.StatusCode.Should().Be(HttpStatusCode.Created);
        other.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        byDefault.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var problem = await other.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be("/problems/unknown-source");
        problem.GetProperty("detail").GetString().Should().Contain("demo").And.NotContain("script");
    }
}
