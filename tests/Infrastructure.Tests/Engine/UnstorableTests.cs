using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Whatever a source says beside its text, the text and an ending are stored.</summary>
public sealed class UnstorableTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly RecordedWords logger = new();
    private EngineNode node = null!;

    public async Task InitializeAsync() =>
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source], "a", new StreamEngineOptions(), logger: logger);

    public async Task DisposeAsync() => await node.DisposeAsync();

    public static TheoryData<string, string> NoUsages => new()
    {
        { "12 tokens", "not JSON" },
        { "", "not JSON" },
        { "{\"total_tokens\":5,}", "not JSON" },
        { "{\"a\":1}}", "not JSON" },
        { "half a pair", "not JSON" },
        { Nested(256), "deeper than 255 levels" },
        { Nested(4000), "deeper than 255 levels" },
        { $"\"{new string('x', 8191)}\"", "8193 bytes" },
    };

    [Theory]
    [MemberData(nameof(NoUsages))]
    public async Task A_usage_that_cannot_be_kept_costs_neither_the_text_nor_its_good_end_and_the_log_says_so(string usage, string why)
    {
        var (id, driver) = await DriveAsync();
        await source.For(id).SayAsync("Hello, ", "world");
        // Test data are no place for it.
        source.For(id).End(new SourceResult("stop", usage == "half a pair" ? "\"\ud83d\"" : usage));

        var end = (await driver.End)!;

        (end.Status, end.FinishReason, end.Usage, end.Length).Should().Be((StreamStatus.Done, "stop", null, 12L));
        var body = await node.BodyAsync(id);
        body.Text.ToString().Should().Be("Hello, world");
        body.Summary.Should().BeEquivalentTo(new { Status = StreamStatus.Done, FinishReason = "stop", Usage = (string?)null });
        logger.Words.Should().ContainSingle(line => line.Contains("usage")).Which.Should()
            .Contain("Stream s").And.Contain("source script").And.Contain(why).And.Contain("as it came").And.NotContain("12 tokens");
    }

    [Theory]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("{\"a\":\"\\ud83d\"}")]
    [InlineData("{\"\\ud83d\":1}")]
    public async Task Any_JSON_is_kept_as_it_came(string usage)
    {
        var (id, driver) = await DriveAsync();
        await source.For(id).SayAsync("Hello");
        source.For(id).End(new SourceResult("stop", usage));

        (await driver.End)!.Usage.Should().Be(usage);

        ((StreamCompleted)(await node.EventsAsync(id))[^1].Event).Usage.Should().Be(usage);
        logger.Words.Should().NotContain(line => line.Contains("usage"));
    }

    [Fact]
    public async Task The_deepest_usage_that_is_kept_can_be_read()
    {
        var (id, driver) = await DriveAsync();
        source.For(id).End(new SourceResult("stop", Nested(255)));
        await driver.End;

        (await node.BodyAsync(id)).Summary.Usage.Should().Be(Nested(255));
    }

    [Fact]
    public async Task A_finish_reason_a_code_and_a_message_may_be_anything()
    {
        var odd = $"\ud83d\0\"\\{new string('\u0001', 10_000)}";
        var (done, doneDriver) = await DriveAsync("done");
        await source.For(done).SayAsync("Hello");
        source.For(done).End(new SourceResult(odd, "{}"));
        var (failed, failedDriver) = await DriveAsync("failed");
        await source.For(failed).SayAsync("Hello");
        source.For(failed).Throw(new SourceFailedException(odd, odd));
        var (nameless, namelessDriver) = await DriveAsync("nameless");
        await source.For(nameless).SayAsync("Hello");
        source.For(nameless).Throw(new SourceFailedException(null!, null!));

        (await doneDriver.End)!.Status.Should().Be(StreamStatus.Done);
        (await failedDriver.End)!.Status.Should().Be(StreamStatus.Error);
        (await namelessDriver.End)!.Status.Should().Be(StreamStatus.Error);
        foreach (var id in new[] { done, failed, nameless }) (await node.BodyAsync(id)).Text.ToString().Should().Be("Hello");
    }

    [Fact]
    public async Task An_ending_that_cannot_be_stored_gives_way_to_one_that_says_so()
    {
        var (id, driver) = await DriveAsync();
        await source.For(id).SayAsync("Hello, ", "world");
        _ = node.Engine.Drivers.End(id, new StreamCommand.TimeOut(TimeSpan.FromSeconds(-1), time.GetUtcNow()) { At = time.GetUtcNow() });

        var end = (await driver.End)!;

        (end.Status, end.Error!.Code, end.Length).Should().Be((StreamStatus.Error, "unstorable-end", 12L));
        var body = await node.BodyAsync(id);
        body.Text.ToString().Should().Be("Hello, world");
        body.Summary.Error!.Message.Should().Contain("cannot be stored").And.Contain("the text is whole");
        logger.Words.Should().Contain(line => line.Contains("Stream s") && line.Contains("ArgumentOutOfRangeException"));
        await Eventually.UntilAsync("the drive is over", () => node.Engine.Drivers.Count == 0);
    }

    [Fact]
    public async Task Past_the_most_parts_that_may_be_open_a_provider_loses_calls_and_the_stream_says_so()
    {
        var (id, driver) = await DriveAsync();
        var output = await source.For(id).OutputAsync();
        var calls = Enumerable.Range(0, 300).Select(i => output.StartWithinLimits(new PartStart(PartKinds.ToolCall) { CallId = $"c{i}" })).ToList();
        foreach (var call in calls)
        {
            await call.AppendAsync("{}");
            await call.EndAsync();
        }

        var later = output.StartWithinLimits(new PartStart(PartKinds.ToolCall) { CallId = "later" });
        await later.EndAsync();
        await output.AppendAsync("Done.");
        source.For(id).End(new SourceResult("tool_calls"));

        (await driver.End)!.Status.Should().Be(StreamStatus.Done);

        var parts = (await node.ContentAsync(id)).Items.OfType<ContentItem.Part>().ToList();
        calls.Count(call => call.Number > 0).Should().Be(256);
        parts.Where(part => part.Start.Kind == PartKinds.ToolCall).Should().HaveCount(257).And.OnlyContain(part => part.State == PartState.Done);
        var said = parts.Where(part => part.Start.Kind == PartKinds.Error).Should().ContainSingle().Subject;
        said.Should().BeEquivalentTo(new { Number = 256, State = PartState.Done, Start = new { Detail = "{\"code\":\"parts-left-out\"}" } });
        said.Text.Should().Contain("10000 parts").And.Contain("256 of them open").And.Contain("left out");
        logger.Words.Should().ContainSingle(line => line.Contains("left out")).Which.Should().Contain("Stream s").And.Contain("tool-call").And.Contain("fewer calls");
        driver.Content.Items.Should().Equal((await node.ContentAsync(id)).Items);
    }

    [Fact]
    public async Task Once_it_is_said_that_parts_are_left_out_the_place_for_that_is_free_again()
    {
        var (id, driver) = await DriveAsync();
        var output = await source.For(id).OutputAsync();
        var calls = Enumerable.Range(0, 256).Select(_ => output.StartWithinLimits(new PartStart(PartKinds.ToolCall))).ToList();
        foreach (var call in calls) await call.EndAsync();

        var later = Enumerable.Range(0, 257).Select(_ => output.StartWithinLimits(new PartStart(PartKinds.ToolCall))).ToList();

        later.Count(call => call.Number > 0).Should().Be(256);
        foreach (var call in later) await call.EndAsync();
        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task The_last_part_that_a_stream_may_have_says_that_there_were_more()
    {
        var (id, driver) = await DriveAsync();
        var output = await source.For(id).OutputAsync();
        for (var i = 0; i < 10_050; i++) await output.StartWithinLimits(new PartStart(PartKinds.Source)).EndAsync();
        source.For(id).End();

        (await driver.End)!.Status.Should().Be(StreamStatus.Done);

        var parts = (await node.ContentAsync(id)).Items.OfType<ContentItem.Part>().ToList();
        parts.Should().HaveCount(10_000);
        parts[^1].Start.Kind.Should().Be(PartKinds.Error);
        parts.SkipLast(1).Should().OnlyContain(part => part.Start.Kind == PartKinds.Source);
    }

    [Fact]
    public async Task A_providers_detail_that_can_be_none_is_left_out_and_its_part_is_kept()
    {
        var (id, driver) = await DriveAsync();
        var output = await source.For(id).OutputAsync();
        foreach (var detail in new[] { "no JSON", "[1]", $"{{\"a\":{Nested(64)}}}", $"{{\"a\":\"{new string('x', 16_384)}\"}}" })
            await output.StartWithinLimits(new PartStart(PartKinds.Source) { Detail = detail }).EndWithinLimitsAsync(new PartEnd { Detail = detail });
        await output.AppendAsync("Done.");
        source.For(id).End();

        (await driver.End)!.Status.Should().Be(StreamStatus.Done);

        (await node.ContentAsync(id)).Items.OfType<ContentItem.Part>().Should().HaveCount(4)
            .And.OnlyContain(part => part.Start.Detail == null && part.End!.Detail == null);
    }

    [Fact]
    public async Task Of_a_providers_detail_that_is_too_long_the_longest_members_alone_are_left_out()
    {
        var (id, driver) = await DriveAsync();
        var output = await source.For(id).OutputAsync();
        var detail = $$"""{"url":"{{new string('x', 9000)}}","title":"Ü","quote":"{{new string('ü', 8000)}}"}""";
        await output.StartWithinLimits(new PartStart(PartKinds.Source) { Detail = detail }).EndWithinLimitsAsync(new PartEnd { Detail = detail });
        source.For(id).End();
        await driver.End;

        var part = (await node.ContentAsync(id)).Items.OfType<ContentItem.Part>().Single();
        part.Start.Detail.Should().Be($$"""{"url":"{{new string('x', 9000)}}","title":"Ü"}""").And.Be(part.End!.Detail);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private async Task<(StreamId Id, DriverReader Driver)> DriveAsync(string name = "s")
    {
        var id = await node.CreateAsync(name);
        return (id, await node.DriveWithPartsAsync(id));
    }
}
