using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

public sealed class PartsTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly RecordedWords logger = new();
    private InMemoryStore store = null!;
    private EngineNode node = null!;

    public async Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        node = await StartAsync("a");
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task What_a_source_says_beside_the_text_is_stored_and_told_in_its_place()
    {
        var (id, driver, output) = await DriveAsync(node);
        var thought = output.StartPart(new PartStart(PartKinds.Reasoning));
        await thought.AppendAsync("Hm, ");
        await thought.AppendAsync("let me see.");
        await thought.EndAsync();
        await output.AppendAsync("One moment. ");
        var call = output.StartPart(new PartStart(PartKinds.ToolCall) { Name = "sum", CallId = "c1", Encoding = PartEncoding.Json });
        await call.AppendAsync("{\"a\":1}");
        await call.EndAsync();
        var result = output.StartPart(new PartStart(PartKinds.ToolResult) { Of = call.Number, CallId = "c1" });
        await result.EndAsync(new PartEnd { Error = "No sum today." });
        await output.AppendAsync("It failed.");
        source.For(id).End(new SourceResult("stop"));

        await driver.End;

        var content = await node.ContentAsync(id);
        content.Items.Should().BeEquivalentTo(
            new ContentItem[]
            {
                new ContentItem.Part(1, new PartStart("reasoning"), 0, "Hm, let me see.", PartState.Done, new PartEnd()),
                new ContentItem.Body(0, "One moment. "),
                new ContentItem.Part(
                    2, new PartStart("tool-call") { Name = "sum", CallId = "c1", Encoding = PartEncoding.Json }, 12, "{\"a\":1}", PartState.Done, new PartEnd()),
                new ContentItem.Part(3, new PartStart("tool-result") { Of = 2, CallId = "c1" }, 12, "", PartState.Failed, new PartEnd { Error = "No sum today." }),
                new ContentItem.Body(12, "It failed."),
            },
            options => options.WithStrictOrdering().RespectingRuntimeTypes());
        driver.Content.Items.Should().Equal(content.Items);
        driver.Text.Should().Be("One moment. It failed.");
        (await node.BodyAsync(id)).Summary.Should().BeEquivalentTo(new { Status = StreamStatus.Done, Length = 22L, Parts = 3, PartBytes = 22L });
    }

    [Fact]
    public async Task Texts_that_interleave_token_by_token_are_an_event_each_and_a_batch()
    {
        var (id, driver, output) = await DriveAsync(node);
        var thought = output.StartPart(new PartStart(PartKinds.Reasoning));
        await Eventually.UntilAsync("the start is durable", () => driver.SavedParts.Count == 1);
        for (var i = 0; i < 100; i++)
        {
            await thought.AppendAsync("a");
            await output.AppendAsync("b");
        }

        time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.UntilAsync("the text is durable", () => driver.SavedLength == 100);
        source.For(id).End();
        await driver.End;

        (await node.EventsAsync(id)).Select(recorded => recorded.Event).OfType<StreamEvent>().Skip(3).Should().SatisfyRespectively(
            text => text.Should().BeOfType<PartPersisted>().Which.Text.Should().HaveLength(100),
            text => text.Should().BeOfType<ChunkPersisted>().Which.Text.Should().HaveLength(100),
            ending => ending.Should().BeOfType<StreamCompleted>().Which.PartBytes.Should().Be(100));
    }

    [Fact]
    public async Task A_surrogate_pair_cut_within_a_part_is_whole_whatever_comes_in_between()
    {
        var (id, driver, output) = await DriveAsync(node);
        var one = output.StartPart(new PartStart(PartKinds.Reasoning));
        var other = output.StartPart(new PartStart(PartKinds.Reasoning));
        await one.AppendAsync("a\ud83d");
        await other.AppendAsync("b\ud83d");
        await output.AppendAsync("c\ud83d");
        await one.AppendAsync("\ude00");
        await output.AppendAsync("\ude00");
        await other.EndAsync();
        source.For(id).End();

        await driver.End;

        var content = await node.ContentAsync(id);
        content.Items.OfType<ContentItem.Part>().Select(part => part.Text).Should().Equal("a😀", "b\uFFFD");
        driver.Text.Should().Be("c😀");
        driver.Content.Items.Should().Equal(content.Items);
    }

    [Theory]
    [InlineData("Reasoning", null, null, null, "kind")]
    [InlineData("", null, null, null, "kind")]
    [InlineData("9", null, null, null, "kind")]
    [InlineData("tool-result", 1, null, null, "of part 1")]
    [InlineData("tool-result", 0, null, null, "of part 0")]
    [InlineData("data", null, 257, null, "name")]
    [InlineData("data", null, null, "[]", "JSON object")]
    [InlineData("data", null, null, "{", "not JSON")]
    [InlineData("data", null, null, "\ud83d", "not JSON")]
    public async Task A_part_over_a_limit_is_refused_in_words_and_the_stream_goes_on(
        string kind, int? of, int? nameChars, string? detail, string words)
    {
        var (id, driver, output) = await DriveAsync(node);
        var start = () => output.StartPart(new PartStart(kind) { Of = of, Name = nameChars is { } chars ? new string('x', chars) : null, Detail = detail });

        start.Should().Throw<ArgumentException>().WithMessage($"*{words}*");

        output.StartPart(new PartStart(PartKinds.Reasoning)).Number.Should().Be(1);
        await output.AppendAsync("on");
        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
        (await node.ContentAsync(id)).Parts.Should().Be(1);
    }

    [Fact]
    public async Task A_detail_of_16_KiB_is_taken_and_a_byte_more_is_not()
    {
        var (id, driver, output) = await DriveAsync(node);
        static string Detail(int bytes) => $"{{\"a\":\"{new string('x', bytes - 8)}\"}}";

        var part = output.StartPart(new PartStart(PartKinds.Data) { Detail = Detail(16 * 1024) });
        output.Invoking(o => o.StartPart(new PartStart(PartKinds.Data) { Detail = Detail((16 * 1024) + 1) })).Should().Throw<ArgumentException>();
        var end = () => part.EndAsync(new PartEnd { Detail = Detail((16 * 1024) + 1) }).AsTask();
        await end.Should().ThrowAsync<ArgumentException>();
        await part.EndAsync(new PartEnd { Detail = Detail(16 * 1024), Error = new string('ä', 3000) });
        source.For(id).End();
        await driver.End;

        var events = await node.EventsAsync(id);
        events.Select(e => e.Event).OfType<PartEnded>().Single().End.Error.Should().HaveLength(2048, "an error is cut at 4 KiB");
        (await node.BodyAsync(id)).Summary.PartBytes.Should().Be(32 * 1024);
        driver.Content.Items.Should().Equal((await node.ContentAsync(id)).Items);
    }

    [Fact]
    public async Task At_most_256_parts_are_open_and_10000_are_started()
    {
        var (id, driver, output) = await DriveAsync(node);
        var open = Enumerable.Range(0, 256).Select(_ => output.StartPart(new PartStart("x"))).ToList();
        output.Invoking(o => o.StartPart(new PartStart("x"))).Should().Throw<InvalidOperationException>().WithMessage("*256*");
        foreach (var part in open) await part.EndAsync();
        for (var i = 256; i < 10_000; i++) await output.StartPart(new PartStart("x")).EndAsync();

        output.Invoking(o => o.StartPart(new PartStart("x"))).Should().Throw<InvalidOperationException>().WithMessage("*10000*");

        await output.AppendAsync("on");
        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
        var content = await node.ContentAsync(id);
        content.Parts.Should().Be(10_000);
        driver.Content.Items.Should().Equal(content.Items);
    }

    [Fact]
    public async Task A_part_ends_once_and_takes_no_text_behind_its_end()
    {
        var (id, driver, output) = await DriveAsync(node);
        var part = output.StartPart(new PartStart(PartKinds.Reasoning));
        var mark = output.StartPart(new PartStart(PartKinds.Text));
        await part.EndAsync();

        await part.Invoking(p => p.EndAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await part.Invoking(p => p.AppendAsync("more").AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await mark.Invoking(p => p.AppendAsync("more").AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*append to the body*");

        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
        (await part.Invoking(p => p.AppendAsync("late").AsTask()).Should().ThrowAsync<InvalidOperationException>()).And.Should().NotBeNull();
    }

    [Fact]
    public async Task Behind_the_streams_end_parts_are_dropped()
    {
        var (id, driver, output) = await DriveAsync(node);
        var part = output.StartPart(new PartStart(PartKinds.Reasoning));
        await part.AppendAsync("so far");
        source.For(id).End();
        await driver.End;

        await part.AppendAsync("late");
        await output.StartPart(new PartStart(PartKinds.Reasoning) { Of = part.Number }).AppendAsync("later");
        await part.EndAsync();

        (await node.ContentAsync(id)).Items.Should().ContainSingle()
            .Which.Should().BeOfType<ContentItem.Part>().Which.Should().BeEquivalentTo(new { Text = "so far", State = PartState.Cut });
    }

    [Fact]
    public async Task A_source_that_never_waits_lets_other_work_go_before_it_also_where_parts_are_not_kept()
    {
        await using var off = await StartAsync("c", new DrivingLimits { Parts = false });
        var (id, driver, output) = await DriveAsync(off, "never-waits");
        var waits = 0;
        _ = output.AppendAsync("x");
        for (var i = 0; i < 4096; i++)
        {
            var part = output.StartPart(new PartStart(PartKinds.Reasoning));
            var taken = part.AppendAsync("thought").AsTask();
            var ended = part.EndAsync().AsTask();
            if (!taken.IsCompleted || !ended.IsCompleted) waits++;
        }

        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
        waits.Should().BePositive();
    }

    [Fact]
    public async Task Switched_off_parts_are_dropped_with_one_line_and_the_body_is_as_ever()
    {
        await using var off = await StartAsync("b", new DrivingLimits { Parts = false });
        for (var round = 0; round < 2; round++)
        {
            var (id, driver, output) = await DriveAsync(off, $"off{round}");
            await output.AppendAsync("One. ");
            var part = output.StartPart(new PartStart(PartKinds.ToolCall) { Detail = "{}" });
            await part.AppendAsync("{}");
            await output.StartPart(new PartStart(PartKinds.ToolResult) { Of = part.Number }).EndAsync();
            await part.EndAsync();
            await output.AppendAsync("Two.");
            output.Invoking(o => o.StartPart(new PartStart("NO"))).Should().Throw<ArgumentException>();
            source.For(id).End();

            await driver.End;
            var events = (await off.EventsAsync(id)).Select(recorded => recorded.Event).ToList();
            events.Should().NotContain(e => e is PartEvent);
            events[^1].Should().BeOfType<StreamCompleted>().Which.Parts.Should().Be(0);
            driver.Content.Items.Should().Equal(new ContentItem.Body(0, "One. Two."));
        }

        logger.Words.Should().ContainSingle(line => line.Contains("Streams:Parts is off"));
    }

    [Fact]
    public async Task Text_of_body_and_parts_together_is_at_most_the_longest()
    {
        await using var small = await StartAsync("b", new DrivingLimits { MaxLength = 10 });
        var (id, driver, output) = await DriveAsync(small);
        await output.AppendAsync("1234");
        var part = output.StartPart(new PartStart(PartKinds.Reasoning) { Detail = "{}" });
        await part.AppendAsync("ab😀");

        (await driver.End)!.Error!.Code.Should().Be("too-long");

        var content = await small.ContentAsync(id);
        content.Items.OfType<ContentItem.Part>().Single().Should().BeEquivalentTo(new { Text = "ab", State = PartState.Cut });
        driver.Content.Items.Should().Equal(content.Items);
    }

    [Fact]
    public async Task A_detail_that_does_not_fit_ends_the_stream_as_too_long()
    {
        await using var small = await StartAsync("b", new DrivingLimits { MaxLength = 10 });
        var (id, driver, output) = await DriveAsync(small);
        var part = output.StartPart(new PartStart(PartKinds.Reasoning));
        await part.EndAsync(new PartEnd { Detail = "{\"long\":true}" });

        (await driver.End)!.Error!.Code.Should().Be("too-long");

        (await small.ContentAsync(id)).Items.OfType<ContentItem.Part>().Single().State.Should().Be(PartState.Cut);
    }

    [Fact]
    public async Task A_part_counts_as_life_and_an_open_one_does_not()
    {
        // The clock goes faster than the log can answer, which is to say nothing here.
        await using var patient = await StartAsync("b", new DrivingLimits { OutageLimit = TimeSpan.FromHours(1) });
        var id = await patient.CreateAsync("s", idleTimeout: TimeSpan.FromSeconds(5));
        var driver = await patient.DriveWithPartsAsync(id);
        var output = await source.For(id).OutputAsync();
        var part = output.StartPart(new PartStart(PartKinds.ToolResult));
        for (var i = 0; i < 8; i++)
        {
            await AdvanceAsync(4);
            if (i % 2 == 0) await part.AppendAsync(".");
            else output.KeepAlive();
        }

        driver.End.IsCompleted.Should().BeFalse();
        await AdvanceAsync(7);
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
        await time.AdvanceUntilAsync("its ending is saved", () => driver.End.IsCompleted);

        (await driver.End)!.Status.Should().Be(StreamStatus.Timeout);
        (await patient.ContentAsync(id)).Items.OfType<ContentItem.Part>().Single().State.Should().Be(PartState.Cut);
    }

    [Fact]
    public async Task A_parts_append_waits_while_too_much_is_unsaved()
    {
        await using var small = await StartAsync("b", new DrivingLimits { UnsavedLimit = 100 });
        var (id, driver, output) = await DriveAsync(small);
        var part = output.StartPart(new PartStart(PartKinds.Reasoning));
        await Eventually.UntilAsync("the start is durable", () => driver.SavedParts.Count == 1); // or the text waits behind it
        small.Faults.GoAway();
        await part.AppendAsync(new string('x', 99));
        var paused = part.AppendAsync("yy").AsTask();
        paused.IsCompleted.Should().BeFalse();

        small.Faults.ComeBack();
        time.Advance(TimeSpan.FromMilliseconds(100));
        await paused.WaitAsync(Eventually.Limit);
        await part.EndAsync();
        source.For(id).End();
        await driver.End;
        (await small.ContentAsync(id)).Items.OfType<ContentItem.Part>().Single().Text.Should().HaveLength(101);
    }

    [Theory]
    [InlineData("behind the start")]
    [InlineData("with text")]
    [InlineData("behind the end")]
    public async Task A_node_that_dies_over_a_part_leaves_a_sound_history_and_the_ending_says_all(string when)
    {
        await using var dying = await StartAsync("dying");
        var (id, _, output) = await DriveAsync(dying);
        await output.AppendAsync("Some text. ");
        var part = output.StartPart(new PartStart(PartKinds.Reasoning) { Detail = "{\"a\":1}" });
        if (when != "behind the start") await part.AppendAsync("Thought. ");
        if (when == "behind the end") await part.EndAsync(new PartEnd { Detail = "{}" });
        await Eventually.UntilAsync("it is durable", async () => (await dying.EventsAsync(id))[^1].Event is PartEvent last
            && (when == "behind the start" ? last is PartStarted : when == "with text" ? last is PartPersisted : last is PartEnded));
        var before = (await dying.EventsAsync(id))[^1];
        dying.Faults.GoAway();

        await Eventually.UntilAsync("the other node has ended it", async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await node.EventsAsync(id))[^1].Event.IsEnding;
        });

        var events = await node.EventsAsync(id);
        var after = ((PartEvent)before.Event).After;
        events[^1].Event.Should().BeOfType<StreamFailed>().Which.Should().BeEquivalentTo(
            new { Code = "interrupted", after.Length, after.Chunks, after.Parts, after.PartBytes });
        History.Content(events).Items.OfType<ContentItem.Part>().Single().State
            .Should().Be(when == "behind the end" ? PartState.Done : PartState.Cut);
    }

    [Fact]
    public async Task A_part_larger_than_an_append_stands_in_several_with_starts_and_ends_in_their_places()
    {
        var (id, driver, output) = await DriveAsync(node);
        node.Faults.GoAway();
        var big = output.StartPart(new PartStart(PartKinds.File) { Encoding = PartEncoding.Base64 });
        _ = big.AppendAsync(new string('A', 500_000)).AsTask();
        var sources = Enumerable.Range(0, 20).Select(i =>
            output.StartPart(new PartStart(PartKinds.Source) { Name = new string('\u0001', 256), Detail = $"{{\"url\":\"{new string('x', 16_000)}\"}}" })).ToList();
        _ = output.AppendAsync(new string('\u0001', 50_000));
        foreach (var one in sources) _ = one.EndAsync().AsTask();
        _ = big.AppendAsync("=").AsTask();
        _ = big.EndAsync().AsTask();
        source.For(id).End();
        node.Faults.ComeBack();

        (await driver.End)!.Status.Should().Be(StreamStatus.Done);

        var content = await node.ContentAsync(id);
        content.Items.OfType<ContentItem.Part>().First().Text.Length.Should().Be(500_001);
        driver.Content.Items.Should().Equal(content.Items);
    }

    [Fact]
    public async Task The_driver_is_told_which_parts_are_open_and_how_much_of_them_is_durable()
    {
        var (id, driver, output) = await DriveAsync(node);
        var one = output.StartPart(new PartStart(PartKinds.Reasoning));
        var two = output.StartPart(new PartStart(PartKinds.Reasoning));
        await one.AppendAsync("ä\n");
        await two.EndAsync();

        await Eventually.UntilAsync("it is durable", () => driver.SavedParts.SequenceEqual([(1, 3L)]));

        source.For(id).End();
        await driver.End;
    }

    [Fact]
    public async Task A_driver_that_is_behind_gets_parts_joined_and_in_order()
    {
        var id = await node.CreateAsync("s");
        var driving = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default, wantsParts: true);
        var output = await source.For(id).OutputAsync();
        var one = output.StartPart(new PartStart(PartKinds.Reasoning));
        for (var i = 0; i < 1000; i++)
        {
            await one.AppendAsync("ä");
            await output.AppendAsync("b");
            if (i == 500) await output.StartPart(new PartStart(PartKinds.Source)).EndAsync();
        }

        source.For(id).End();
        await driving.Finished;
        var items = await driving.Output.ReadAsync(null, default);

        items.Count(item => item.Text is not null || item.Part is DriverPart.TextCame).Should().BeLessThan(100);
        var reader = new DriverReader(items);
        reader.Content.Items.Should().Equal((await node.ContentAsync(id)).Items);
    }

    private async Task<(StreamId Id, DriverReader Driver, IAppender Output)> DriveAsync(EngineNode on, string id = "s")
    {
        var stream = await on.CreateAsync(id);
        var driver = await on.DriveWithPartsAsync(stream);
        return (stream, driver, await source.For(stream).OutputAsync());
    }

    private async Task AdvanceAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await Eventually.CaughtUpAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private Task<EngineNode> StartAsync(string name, DrivingLimits? limits = null) => EngineNode.StartAsync(
        new InMemoryEventStore(store), time, [source], name, new StreamEngineOptions { Driving = limits ?? new DrivingLimits() }, logger: logger);
}
