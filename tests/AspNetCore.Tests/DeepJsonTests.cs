using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>What could be stored can be answered, however deep it nests, and also where a string in it is no
/// text.</summary>
public sealed class DeepJsonTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public static TheoryData<string> Usages => [Nested(65), Nested(255), "{\"note\":\"\\ud83d\"}", "{\"\\ud83d\":1}", "[1,\n2]"];

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Usages))]
    public async Task A_usage_is_in_every_answer_as_it_came(string usage)
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id);
        app.Script.For(new(id)).End(new SourceResult("stop", usage));
        await driver.Content.ReadAsStringAsync();
        var expected = usage.Replace('\n', ' ');

        (await app.Client.GetStringAsync($"/v1/streams/{id}")).Should().Contain($"\"usage\":{expected}");
        (await app.Client.GetStringAsync($"/v1/streams/{id}?parts=true")).Should().Contain($"\"usage\":{expected}");
        (await app.Client.GetStringAsync($"/v1/streams/{id}/events")).Should().Contain($"\"usage\":{expected}");
        await Eventually.UntilAsync("the list has the ending", async () => (await app.Client.GetStringAsync("/v1/streams?status=done")).Contains($"\"usage\":{expected}"));
    }

    [Fact]
    public async Task A_detail_whose_names_are_no_text_is_answered_as_it_is()
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id);
        var part = await app.Script.For(new(id)).StartAsync(new PartStart(PartKinds.Data) { Name = "n", Detail = "{\"\\ud83d\":1,\"a\":2}" });
        await part.EndAsync(new PartEnd { Detail = "{\"a\":3,\"b\":\"\\ud83d\"}" });
        app.Script.For(new(id)).End();
        await driver.Content.ReadAsStringAsync();

        (await app.Client.GetStringAsync($"/v1/streams/{id}?parts=true")).Should().Contain("\"detail\":{\"\\ud83d\":1,\"a\":3,\"b\":\"\\ud83d\"}");
    }

    [Fact]
    public async Task A_stream_with_a_deep_input_that_came_from_another_log_is_driven_and_its_creation_repeated()
    {
        var input = Nested(200);
        var created = new StreamCreated(
            new StreamId("deep"), "script", input, "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None, Names.From(["id", "input", "source"]))
        { At = DateTimeOffset.UtcNow };
        await app.Engine.Log.AppendAsync(
            new Append(new AppendId(Guid.NewGuid()), created.Id, StreamHead.None, [created], new EventContext(app.Engine.Node, 0, "carried")), default);

        var again = new StreamCommand.Create(
            created.Id, "script", $" {input}", created.ContentType, created.IdleTimeout, null, Labels.None, created.Given)
        { At = DateTimeOffset.UtcNow };
        (await app.Engine.Creation.CreateAsync(again, Caller.Anonymous, default)).Should().BeOfType<CreateResult.Exists>();
        using var driver = await app.DriveAsync("deep");
        driver.EnsureSuccessStatusCode();
        await app.Script.For(created.Id).SayAsync("Hello");
        app.Script.For(created.Id).End();
        (await driver.Content.ReadAsStringAsync()).Should().Be("Hello");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    public async Task An_input_from_code_that_is_too_deep_is_refused_in_words(int depth)
    {
        var input = JsonElement.Parse(Nested(depth), new JsonDocumentOptions { MaxDepth = 1000 });
        var create = () => app.Streams.CreateAsync(new NewTextStream("script") { Input = input });

        await create.Should().ThrowAsync<ArgumentException>().WithMessage("*input*deep*");
    }

    [Fact]
    public async Task An_input_from_code_that_is_no_text_is_refused_in_words()
    {
        var create = () => app.Streams.CreateAsync(new NewTextStream("script") { Input = JsonElement.Parse("{\"a\":\"\\ud83d\"}") });

        await create.Should().ThrowAsync<ArgumentException>().WithMessage("*surrogate*");
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
